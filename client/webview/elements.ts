/** Creates an element. Text is never parsed as markup. */
export function element(
  tag: keyof HTMLElementTagNameMap,
  { text, ...attributes }: Readonly<Record<string, string>> = {},
  ...children: readonly Node[]
): HTMLElement {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  if (text !== undefined) made.textContent = text
  made.append(...children)
  return made
}

export function button(label: string, press: () => void): HTMLElement {
  const made = element('button', { text: label, type: 'button', 'data-key': label })
  made.addEventListener('click', press)
  return made
}

export function section(heading: string, ...children: readonly Node[]): HTMLElement {
  return element(
    'section',
    { 'aria-label': heading },
    element('h2', { text: heading }),
    ...children,
  )
}
