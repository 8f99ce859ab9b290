/** What every field of one form shares. */
import { inject, provide, type InjectionKey, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ConfigChoice, ConfigFault } from '../../api/types'
import { locale, say } from '../../i18n'
import type { Schema } from './schema'

export interface FormContext {
  root: Schema
  choices: Record<string, ConfigChoice[]>
  faults: Ref<ConfigFault[]>
  readonly: boolean
}

const KEY: InjectionKey<FormContext> = Symbol('form')

export function provideForm(context: FormContext): void {
  provide(KEY, context)
}

export function useForm() {
  const form = inject(KEY)
  if (!form) throw new Error('a field outside of a form')
  const { t, te } = useI18n()

  function label(name: string, title = ''): string {
    const special = `admin.special.${title}_${name}`
    if (te(special)) return t(special)
    return te(`admin.field.${name}`) ? t(`admin.field.${name}`) : name
  }
  function hint(name: string, title = ''): string {
    const special = `admin.hint.${title}_${name}`
    if (te(special)) return t(special)
    return te(`admin.hint.${name}`) ? t(`admin.hint.${name}`) : ''
  }
  function option(value: string | number): string {
    return te(`admin.option.${value}`) ? t(`admin.option.${value}`) : String(value)
  }
  function chosen(what: string, id: string): string {
    return say(form?.choices[what]?.find((one) => one.id === id)?.name) || id
  }
  function faultAt(key: string): string {
    return (form?.faults.value ?? []).filter((one) => one.key === key).map((one) => one.problem[locale.value]).join(' ')
  }
  /** Somewhere below this key something is wrong. */
  function faultBelow(key: string): boolean {
    return (form?.faults.value ?? []).some((one) => one.key === key || one.key.startsWith(`${key}.`) || one.key.startsWith(`${key}[`))
  }
  return { form, label, hint, option, chosen, faultAt, faultBelow }
}
