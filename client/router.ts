import { createRouter, createWebHistory, type Router } from 'vue-router'

/** Pages: the console. What it shows stands in the query, which url-state.ts keeps. */
export function buildRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'console', component: () => import('./ConsolePage.vue') },
      { path: '/:rest(.*)', redirect: (to) => ({ path: '/', query: to.query }) },
    ],
  })
}
