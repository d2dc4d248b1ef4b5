import { QuickInputButtons, QuickPickItemKind, window, type QuickPickItem } from 'vscode'

/** What a person answered: a value, a step back, or undefined where they gave up. */
export type Answer<T> = { readonly value: T } | 'back' | undefined

export interface Choice<T> {
  /** A group's title where there is no value. */
  readonly label: string
  readonly description?: string | undefined
  readonly detail?: string | undefined
  readonly value?: T
}

export interface Question<T> {
  readonly title: string
  readonly step: number
  readonly steps: number
  readonly placeholder: string
  readonly choices: readonly Choice<T>[]
  /** The choice that is marked at first. */
  readonly marked?: T | undefined
  /** What typed text means that is none of the choices; undefined where it means nothing. */
  readonly typed?: (text: string) => Choice<T> | undefined
}

interface Item<T> extends QuickPickItem {
  readonly value?: T
}

/** Asks one question of several: a list to choose from, in which something else may be typed. */
export function ask<T>({ choices, typed, marked, ...question }: Question<T>): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const input = window.createQuickPick<Item<T>>()
    const items = choices.map(toItem)
    Object.assign(input, {
      title: question.title,
      step: question.step,
      totalSteps: question.steps,
      placeholder: question.placeholder,
      matchOnDescription: true,
      ignoreFocusOut: true,
    })
    if (question.step > 1) input.buttons = [QuickInputButtons.Back]
    input.items = items
    input.activeItems = items.filter(
      (item) => 'value' in item && JSON.stringify(item.value) === JSON.stringify(marked),
    )
    let answer: Answer<T>
    const end = (given: Answer<T>): void => {
      answer = given
      input.hide()
    }
    input.onDidChangeValue((text) => {
      const other =
        text === '' || choices.some(({ label }) => label === text) ? undefined : typed?.(text)
      input.items = other ? [{ ...toItem(other), alwaysShow: true }, ...items] : items
    })
    input.onDidTriggerButton(() => {
      end('back')
    })
    input.onDidAccept(() => {
      const [chosen] = input.activeItems
      if (chosen && 'value' in chosen) end({ value: chosen.value as T })
    })
    input.onDidHide(() => {
      input.dispose()
      resolve(answer)
    })
    input.show()
  })
}

function toItem<T>({ label, description, detail, ...rest }: Choice<T>): Item<T> {
  if (!('value' in rest)) return { label, kind: QuickPickItemKind.Separator }
  return {
    label,
    ...(description === undefined ? {} : { description }),
    ...(detail === undefined ? {} : { detail }),
    value: rest.value,
  }
}
