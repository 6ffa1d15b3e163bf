import { createRouter, createWebHistory, type Router } from 'vue-router'

/** Pages inside the console's frame. What each shows stands in the query, which url-state.ts keeps. */
export function buildRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    routes: [
      {
        path: '/',
        component: () => import('./ConsolePage.vue'),
        children: [
          { path: '', name: 'map', component: () => import('./MapPage.vue') },
          { path: 'workbench', name: 'workbench', component: () => import('./WorkbenchPage.vue') },
          { path: 'report', name: 'report', component: () => import('./ReportPage.vue') },
          { path: 'cases/:id', name: 'case', component: () => import('./CasePage.vue') },
          { path: 'people/:tab?', name: 'people', component: () => import('./accounts/PeoplePage.vue') },
          { path: 'reference/:tab(classes|limits|calendar)?', name: 'reference', component: () => import('./ReferencePage.vue') },
          { path: 'dispatch', name: 'dispatch', component: () => import('./DispatchPage.vue') },
          { path: 'evaluation', name: 'evaluation', component: () => import('./evaluation/EvaluationPage.vue') },
        ],
      },
      { path: '/sign-in', name: 'sign-in', component: () => import('./accounts/SignInPage.vue') },
      { path: '/:rest(.*)', redirect: (to) => ({ path: '/', query: to.query }) },
    ],
  })
}
