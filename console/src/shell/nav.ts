import { computed } from 'vue'
import { useLive } from '../live/store'
import { useSession } from '../session'
import type { IconName } from '../ui/GhIcon.vue'

/** The views, in the order of their use. */
export const NAV: { name: string; to: string; icon: IconName }[] = [
  { name: 'wall', to: '/', icon: 'eye' },
  { name: 'plan', to: '/plan', icon: 'map' },
  { name: 'alarms', to: '/alarms', icon: 'flag' },
  { name: 'cases', to: '/cases', icon: 'folder' },
  { name: 'patrols', to: '/patrols', icon: 'shield' },
  { name: 'traces', to: '/traces', icon: 'route' },
  { name: 'figures', to: '/figures', icon: 'chart' },
  { name: 'devices', to: '/devices', icon: 'gauge' },
  { name: 'system', to: '/system', icon: 'chip' },
]

const SIMULATOR = { name: 'simulator', to: '/simulator', icon: 'play' as IconName }

/** The views that there are for whoever looks: the simulator's only while one runs. */
export function useNav() {
  const live = useLive()
  const session = useSession()
  return computed(() => (live.simulated && session.includes('supervisor') ? [...NAV, SIMULATOR] : NAV))
}

/** A view's own page, or a page beneath it. */
export function isHere(to: string, path: string): boolean {
  return to === '/' ? path === '/' : path.startsWith(to)
}
