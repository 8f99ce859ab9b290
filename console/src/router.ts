/** Addresses of the views; all but the login ask for a session first. */
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { ApiError, whenSignedOut } from './api/client'
import type { Person } from './api/types'
import { useSession } from './session'
import WallView from './wall/WallView.vue'

/** `open` takes no session; `bare` stands without the bars around it. */
const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./shell/LoginView.vue'), meta: { open: true } },
  { path: '/', name: 'wall', component: WallView },
  { path: '/alarms', name: 'alarms', component: () => import('./alarms/AlarmsView.vue') },
  { path: '/cases', name: 'cases', component: () => import('./cases/CasesView.vue') },
  { path: '/cases/:id', name: 'case', component: () => import('./cases/CaseView.vue'), props: true },
  { path: '/patrols', name: 'patrols', component: () => import('./patrols/PatrolsView.vue') },
  { path: '/patrols/:id', name: 'round', component: () => import('./patrols/RoundView.vue'), props: true },
  { path: '/plan', name: 'plan', component: () => import('./plan/PlanView.vue') },
  { path: '/plan/cameras/:id', name: 'drawing', component: () => import('./plan/draw/DrawingView.vue'), props: true },
  { path: '/figures/:part?', name: 'figures', component: () => import('./figures/FiguresView.vue'), props: true },
  { path: '/figures/reports/:id', name: 'bulletin', component: () => import('./figures/BulletinView.vue'), props: true },
  { path: '/analysis', redirect: '/figures/cases' },
  { path: '/analysis/:id', redirect: (to) => `/figures/reports/${String(to.params.id)}` },
  { path: '/cockpit', name: 'cockpit', component: () => import('./cockpit/CockpitView.vue'), meta: { bare: true } },
  { path: '/traces', name: 'traces', component: () => import('./traces/TracesView.vue') },
  { path: '/residents', name: 'households', component: () => import('./households/HouseholdsView.vue') },
  { path: '/traces/exports', name: 'exports', component: () => import('./looks/ExportsView.vue') },
  { path: '/traces/watchlist', name: 'watchlist', component: () => import('./looks/WatchlistView.vue') },
  { path: '/traces/own-looks', name: 'own-looks', component: () => import('./looks/OwnLooksView.vue') },
  { path: '/second', name: 'second', component: () => import('./second/SecondView.vue') },
  { path: '/devices', name: 'devices', component: () => import('./devices/DevicesView.vue') },
  { path: '/devices/:id', name: 'device', component: () => import('./devices/DeviceView.vue'), props: true },
  { path: '/system', name: 'system', component: () => import('./system/SystemView.vue') },
  { path: '/simulator', name: 'simulator', component: () => import('./simulator/SimulatorView.vue') },
  { path: '/admin/:section?/:name?', name: 'admin', component: () => import('./admin/AdminView.vue'), props: true },
  { path: '/account', name: 'account', component: () => import('./account/AccountView.vue') },
  { path: '/users', name: 'users', component: () => import('./people/UsersView.vue') },
  { path: '/:rest(.*)*', redirect: '/' },
]

/** Whoever has to set up a second factor first gets nowhere else. */
function enrolled(user: Person | null, name: unknown): true | { name: string } {
  return !user?.enrolling || name === 'account' ? true : { name: 'account' }
}

export function makeRouter(): Router {
  const router = createRouter({ history: createWebHistory(), routes })
  router.beforeEach(async (to) => {
    const session = useSession()
    if (to.meta.open) return true
    try {
      if (!session.user) await session.restore()
      return enrolled(session.user, to.name)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const ended = error.status === 401 ? undefined : error.code
      return { name: 'login', query: { next: to.fullPath === '/' ? undefined : to.fullPath, why: ended } }
    }
  })
  whenSignedOut(() => {
    const session = useSession()
    if (!session.user) return
    session.ended()
    const here = router.currentRoute.value.fullPath
    void router.push({ name: 'login', query: { next: here, why: 'ended' } })
  })
  return router
}
