import '@fontsource-variable/inter'
import '@fontsource-variable/noto-sans-sc'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/base.css'
import './styles/element.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { z } from 'zod'
import App from './App.vue'
import { i18n } from './i18n/index.ts'
import { buildRouter } from './router.ts'

// Schemas must not compile themselves with `new Function`: our content security policy forbids it.
z.config({ jitless: true })

createApp(App).use(createPinia()).use(i18n).use(buildRouter()).mount('#app')
