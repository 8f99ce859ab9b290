/** Who is logged in, and for which site. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get, post, setCsrf } from './api/client'
import type { Login, Person, Site } from './api/types'
import { useLive } from './live/store'
import { dropDrafts } from './ui/draft'

const SITE_KEY = 'gatehouse.site'
const RANK = ['guard', 'supervisor', 'admin']

export const useSession = defineStore('session', () => {
  const user = ref<Person | null>(null)
  const sites = ref<Site[]>([])
  const live = useLive()

  const includes = computed(() => (role: string) => {
    return user.value !== null && RANK.indexOf(user.value.role) >= RANK.indexOf(role)
  })

  async function begin(login: Login): Promise<void> {
    user.value = login.user
    setCsrf(login.csrf)
    sites.value = await get<Site[]>('/api/sites')
    const wanted = localStorage.getItem(SITE_KEY)
    const site = sites.value.find((one) => one.id === wanted) ?? sites.value[0]
    if (site && !user.value.enrolling) await live.follow(site)
  }

  async function choose(site: Site): Promise<void> {
    localStorage.setItem(SITE_KEY, site.id)
    await live.follow(site)
  }

  /** code: of the second factor, once the hub has asked for it. */
  async function login(name: string, password: string, code?: string): Promise<void> {
    await begin(await post<Login>('/api/login', { name, password, code }))
  }

  /** Take up a session that a cookie still holds. Rejects with ApiError when there is none. */
  async function restore(): Promise<void> {
    await begin(await get<Login>('/api/me'))
  }

  async function logout(): Promise<void> {
    await post('/api/logout')
    dropDrafts()
    ended()
  }

  function ended(): void {
    user.value = null
    live.leave()
  }

  return { user, sites, includes, login, restore, logout, ended, choose }
})
