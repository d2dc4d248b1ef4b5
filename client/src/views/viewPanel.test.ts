import type { Uri } from 'vscode'
import { beforeEach, expect, it } from 'vitest'
import { panels } from '../testing/vscode.js'
import type { View } from './view.js'
import { ViewPanel, type PanelContent } from './viewPanel.js'

/** An answer that arrives when the test says so. */
function lateAnswer(kind: View['kind'], title: string) {
  let arrive: () => void = () => undefined
  const content: PanelContent = {
    view: { kind, title, heading: title, actions: [], tables: [], notes: [] },
    places: [],
    picture: () => undefined,
    actions: {},
  }
  const answer = new Promise<PanelContent>((resolve) => {
    arrive = () => {
      resolve(content)
    }
  })
  return { ask: () => answer, arrive }
}

let panel: ViewPanel
beforeEach(() => {
  panels.length = 0
  panel = new ViewPanel('extension' as unknown as Uri)
})

const shown = (): readonly string[] =>
  panels.filter(({ isOpen }) => isOpen).map(({ title }) => title)

async function show(kind: View['kind'], title: string): Promise<void> {
  const { ask, arrive } = lateAnswer(kind, title)
  arrive()
  await panel.show(ask)
}

it('an update that arrives after the answer to another command is not shown', async () => {
  await show('answer', 'evaluated')
  const update = lateAnswer('answer', 'evaluated again')
  const updated = panel.follow('answer', update.ask)
  await show('comparison', 'compared')
  update.arrive()
  await updated
  expect(shown()).toEqual(['compared'])
})

it('an update that was asked before the same command ran again is not shown', async () => {
  await show('answer', 'first request')
  const update = lateAnswer('answer', 'first request again')
  const updated = panel.follow('answer', update.ask)
  await show('answer', 'second request')
  update.arrive()
  await updated
  expect(shown()).toEqual(['second request'])
})

it('an update does not keep the answer to a command from being shown', async () => {
  await show('answer', 'evaluated')
  const command = lateAnswer('comparison', 'compared')
  const compared = panel.show(command.ask)
  const update = lateAnswer('answer', 'evaluated again')
  const updated = panel.follow('answer', update.ask)
  update.arrive()
  await updated
  expect(shown()).toEqual(['evaluated again'])
  command.arrive()
  await compared
  expect(shown()).toEqual(['compared'])
})

it('the last of several updates is shown, also if it arrives first', async () => {
  await show('access', 'first')
  const [second, third] = [lateAnswer('access', 'second'), lateAnswer('access', 'third')]
  const updates = [panel.follow('access', second.ask), panel.follow('access', third.ask)]
  third.arrive()
  await updates[1]
  second.arrive()
  await updates[0]
  expect(shown()).toEqual(['third'])
})

it('the answer to the later of two commands is shown', async () => {
  const [first, second] = [lateAnswer('answer', 'first'), lateAnswer('access', 'second')]
  const commands = [panel.show(first.ask), panel.show(second.ask)]
  second.arrive()
  await commands[1]
  first.arrive()
  await commands[0]
  expect(shown()).toEqual(['second'])
})

it('an answer is shown if the later command has none', async () => {
  const first = lateAnswer('answer', 'first')
  const command = panel.show(first.ask)
  await panel.show(() => Promise.resolve(undefined))
  first.arrive()
  await command
  expect(shown()).toEqual(['first'])
})

it('an update does not open a panel that was closed', async () => {
  await show('connections', 'matrix')
  const update = lateAnswer('connections', 'matrix again')
  const updated = panel.follow('connections', update.ask)
  panels[0]?.dispose()
  update.arrive()
  await updated
  expect(shown()).toEqual([])
})

it('an update changes the panel without bringing it to the front', async () => {
  await show('connections', 'matrix')
  const update = lateAnswer('connections', 'matrix again')
  update.arrive()
  await panel.follow('connections', update.ask)
  expect(panels.map(({ title, reveals }) => [title, reveals])).toEqual([['matrix again', 1]])
})
