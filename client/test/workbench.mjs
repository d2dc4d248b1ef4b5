// A real VS Code workbench on 127.0.0.1 with throw-away folders, and what a person does in it.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'git.enabled': false,
  'workbench.enableExperiments': false,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'editor.hover.sticky': true,
  'files.autoSave': 'off',
  'workbench.colorTheme': 'Dark Modern',
}

/** Starts the workbench with an extension installed. @returns where it is and how to end it. */
export async function startWorkbench({ programs, root, vsix }) {
  const data = join(root, 'user-data')
  const extensions = join(root, 'extensions')
  mkdirSync(join(data, 'User'), { recursive: true })
  mkdirSync(extensions, { recursive: true })
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(SETTINGS))
  writeFileSync(join(root, 'code-server.yaml'), 'auth: none\n')
  const env = {
    ...process.env,
    HOME: root,
    XDG_CONFIG_HOME: join(root, 'xdg'),
    XDG_DATA_HOME: join(root, 'xdg'),
    EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/"}',
  }
  const base = [
    programs.codeServer,
    '--config',
    join(root, 'code-server.yaml'),
    '--user-data-dir',
    data,
    '--extensions-dir',
    extensions,
  ]
  execFileSync(programs.node, [...base, '--install-extension', vsix, '--force'], {
    env,
    stdio: 'pipe',
  })
  const port = await freePort()
  const log = openSync(join(root, 'server.log'), 'a')
  const quiet = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-file-downloads',
    '--disable-file-uploads',
  ]
  const child = spawn(
    programs.node,
    [...base, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...quiet],
    { env, stdio: ['ignore', log, log] },
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await answers(`http://127.0.0.1:${port}/healthz`, child)
  return {
    /** The address of the workbench on a folder, with a file open. */
    url: (folder, file) => {
      const url = new URL(`http://127.0.0.1:${port}/`)
      url.searchParams.set('folder', folder)
      url.searchParams.set(
        'payload',
        JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${join(folder, file)}`]]),
      )
      return url.href
    },
    /** The language servers that run in the workbench, by the ids of their processes. */
    languageServers: () =>
      processesBelow(child.pid).filter((pid) => commandOf(pid).includes('server/dist/server.cjs')),
    /** Changes the person's settings, on top of those of every tour. */
    set: (settings) => {
      writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }))
    },
    /** Ends what was started here, and only that. */
    stop: async () => {
      child.kill('SIGTERM')
      if ((await Promise.race([exited.then(() => 'ended'), sleep(5000, 'late')])) === 'late')
        child.kill('SIGKILL')
      await exited
    },
  }
}

async function answers(url, child) {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`The workbench ended with status ${child.exitCode}.`)
    try {
      if ((await fetch(url)).ok) return
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
    await sleep(100)
  }
  throw new Error(`${url} did not answer.`)
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** The ids of all processes that a process has started, and that they have. */
function processesBelow(pid) {
  const children = readText(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)
  return children.flatMap((child) => [child, ...processesBelow(child)])
}

function commandOf(pid) {
  return readText(`/proc/${pid}/cmdline`)
}

/** Empty where the process has ended. */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  }
}

/** What a person does, on a page of Playwright. */
export class Workbench {
  constructor(page) {
    this.page = page
  }

  async open(url) {
    await this.page.goto(url)
    await this.page.locator('.editor-instance .view-lines').first().waitFor({ timeout: 90_000 })
  }

  /** Opens a file by its name. */
  async openFile(name) {
    await this.page.keyboard.press('Control+p')
    await this.#quickInput().fill(name)
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: name })
      .first()
      .waitFor()
    await this.page.keyboard.press('Enter')
    await this.page.locator('.tab.active', { hasText: name }).waitFor()
  }

  async command(title) {
    await this.page.keyboard.press('F1')
    await this.#quickInput().fill(`>${title}`)
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: title })
      .first()
      .waitFor()
    await this.page.keyboard.press('Enter')
  }

  /** Puts the cursor at a place, both counted from one. */
  async goTo(line, column) {
    await this.page.locator('.editor-instance .view-lines').first().click()
    await this.page.keyboard.press('Control+g')
    await this.#quickInput().fill(`:${line}:${column}`)
    await this.page.keyboard.press('Enter')
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  }

  /** The hover at the cursor. */
  async hover() {
    await this.page.keyboard.press('Control+k')
    await this.page.keyboard.press('Control+i')
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first()
    await hover.waitFor()
    return hover
  }

  /** The titles in the menu of quick fixes at the cursor, which stays open. */
  async quickFixes() {
    await this.page.keyboard.press('Control+.')
    const rows = this.page.locator('.action-widget .monaco-list-row')
    await rows.first().waitFor()
    // Before it has the focus, keys would go to the editor.
    await this.page.waitForFunction(
      () => document.activeElement?.closest('.action-widget') !== null,
    )
    return rows
  }

  async applyFix(title) {
    const rows = await this.quickFixes()
    await rows.filter({ hasText: title }).first().click()
  }

  async save() {
    await this.page.keyboard.press('Control+s')
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' })
  }

  /** Chooses from the list of a quick input, after it shows what is looked for. */
  async choose(text, placeholder) {
    const widget = this.page.locator('.quick-input-widget:not([style*="display: none"])')
    if (placeholder)
      await this.page.locator(`.quick-input-widget input[placeholder*="${placeholder}"]`).waitFor()
    await this.#quickInput().fill(text)
    await widget.locator('.monaco-list-row', { hasText: text }).first().waitFor()
    await this.page.keyboard.press('Enter')
  }

  /** The visible text of the editor. */
  async text() {
    return (await this.page.locator('.editor-instance .view-lines').first().innerText()).replaceAll(
      '\u00a0',
      ' ',
    )
  }

  /** @param base of the theme: `vs`, `vs-dark`, `hc-black` or `hc-light`. */
  async theme(name, base) {
    // Keys that are pressed in a panel's page reach the workbench late.
    await this.page.locator('.tab.active').first().click()
    await this.page.keyboard.press('Control+k')
    await this.page.keyboard.press('Control+t')
    await this.choose(name)
    await this.page.locator(`.monaco-workbench.${base}`).waitFor()
  }

  /** The page of the extension's panel. */
  panel() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame')
  }

  #quickInput() {
    return this.page
      .locator('.quick-input-widget:not([style*="display: none"]) input[type=text]')
      .first()
  }
}
