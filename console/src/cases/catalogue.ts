/** The case catalogue and the departments: loaded once, the same for everybody. */
import { ref } from 'vue'
import { get } from '../api/client'
import type { CategoryInfo, DepartmentInfo } from '../api/types'

const categories = ref<CategoryInfo[]>([])
const departments = ref<DepartmentInfo[]>([])
let asked: Promise<void> | undefined

async function load(): Promise<void> {
  ;[categories.value, departments.value] = await Promise.all([
    get<CategoryInfo[]>('/api/categories'),
    get<DepartmentInfo[]>('/api/departments'),
  ])
}

export function useCatalogue() {
  asked ??= load().catch(() => void (asked = undefined))
  const category = (id: string) => categories.value.find((one) => one.id === id)
  return { categories, departments, category }
}
