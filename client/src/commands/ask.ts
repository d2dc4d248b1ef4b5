import { QuickInputButtons, QuickPickItemKind, window, type QuickPickItem } from 'vscode'

/** The answer to a question: a value, a step back, or undefined if the user cancelled. */
export type Answer<T> = { readonly value: T } | 'back' | undefined

export interface Choice<T> {
  /** Without a value, the title of a group. */
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
  /** The choice that is selected at first. */
  readonly selected?: T | undefined
  /** The choice for a text that the user types and that is not in `choices`; undefined if the text is not valid. */
  readonly fromText?: (text: string) => Choice<T> | undefined
}

interface Item<T> extends QuickPickItem {
  readonly value?: T
}

/** Asks one of several questions with a quick pick. With `fromText`, the user can also type an answer. */
export function ask<T>({
  choices,
  fromText,
  selected,
  ...question
}: Question<T>): Promise<Answer<T>> {
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
      (item) => 'value' in item && JSON.stringify(item.value) === JSON.stringify(selected),
    )
    let answer: Answer<T>
    const finish = (given: Answer<T>): void => {
      answer = given
      input.hide()
    }
    input.onDidChangeValue((text) => {
      const isChoice = text === '' || choices.some(({ label }) => label === text)
      const typed = isChoice ? undefined : fromText?.(text)
      input.items = typed ? [{ ...toItem(typed), alwaysShow: true }, ...items] : items
    })
    input.onDidTriggerButton(() => {
      finish('back')
    })
    input.onDidAccept(() => {
      const [chosen] = input.activeItems
      if (chosen && 'value' in chosen) finish({ value: chosen.value as T })
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
