// A real VS Code workbench on 127.0.0.1 with temporary folders, and the actions of a user in it.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LIMIT_MILLISECONDS, until } from './until.mjs'

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

/** Starts the workbench with an installed extension. */
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
  await untilHealthy(`http://127.0.0.1:${port}/healthz`, child)
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
    /** The process ids of the running language servers. */
    languageServers: () =>
      processesBelow(child.pid).filter((pid) => commandOf(pid).includes('server/dist/server.cjs')),
    /** Sets user settings in addition to the settings of all tours. */
    set: (settings) => {
      writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }))
    },
    /** Ends the workbench. */
    stop: async () => {
      child.kill('SIGTERM')
      if ((await Promise.race([exited.then(() => 'ended'), sleep(5000, 'late')])) === 'late')
        child.kill('SIGKILL')
      await exited
    },
  }
}

async function untilHealthy(url, child) {
  await until(`${url} does not answer`, async () => {
    if (child.exitCode !== null)
      throw new Error(`The workbench ended with status ${child.exitCode}.`)
    try {
      return (await fetch(url)).ok
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      return false
    }
  })
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

/** The ids of all descendants of a process. */
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

/** The text of a file; empty if the process has ended. */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  }
}

/** The attribute of a panel's page by the base of the theme. */
const THEME_KINDS = {
  vs: 'vscode-light',
  'vs-dark': 'vscode-dark',
  'hc-black': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
}

/** The actions of a user, on a page of Playwright. */
export class Workbench {
  constructor(page) {
    this.page = page
    page.setDefaultTimeout(LIMIT_MILLISECONDS)
  }

  async open(url) {
    await this.page.goto(url)
    await this.page.locator('.editor-instance .view-lines').first().waitFor()
  }

  /** Opens a file by its name. */
  async openFile(name) {
    await this.page.keyboard.press('Control+p')
    await this.#quickInput().fill(name)
    await this.#row(name).click()
    await this.page.locator('.tab.active', { hasText: name }).waitFor()
  }

  async command(title) {
    await this.page.keyboard.press('F1')
    await this.#quickInput().fill(`>${title}`)
    await this.#row(title).click()
  }

  /** Places the cursor; line and column start at one. */
  async goTo(line, column) {
    await this.page.locator('.editor-instance .view-lines').first().click()
    await this.page.keyboard.press('Control+g')
    await this.#quickInput().fill(`:${line}:${column}`)
    await this.page.keyboard.press('Enter')
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
    await this.statusBarItem(`Ln ${line}, Col ${column}`).waitFor()
  }

  statusBarItem(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first()
  }

  /** The hover at the cursor. */
  async hover() {
    await this.page.keyboard.press('Control+k')
    await this.page.keyboard.press('Control+i')
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first()
    await hover.waitFor()
    return hover
  }

  /** Opens the menu of quick fixes at the cursor, which contains all `titles`. Returns its rows. */
  async openQuickFixes(...titles) {
    const rows = this.#quickFixMenu().locator('.monaco-list-row')
    await until(`the quick fixes ${titles.join(', ')}`, async () => {
      await this.page.keyboard.press('Control+.')
      if (!(await isShown(rows.first()))) return false
      const texts = await rows.allInnerTexts()
      if (titles.every((title) => texts.some((text) => text.includes(title)))) return true
      await this.closeQuickFixes()
      return false
    })
    // Before the menu has the focus, keys go to the editor.
    await this.page.waitForFunction(
      () => document.activeElement?.closest('.action-widget') !== null,
    )
    return rows
  }

  async closeQuickFixes() {
    await this.page.keyboard.press('Escape')
    await this.#quickFixMenu().waitFor({ state: 'hidden' })
  }

  #quickFixMenu() {
    return this.page.locator('.action-widget:not(.action-list-submenu-panel)')
  }

  async applyFix(title) {
    const rows = await this.openQuickFixes(title)
    await rows.filter({ hasText: title }).first().click()
  }

  /** Saves the changed file of the active editor. */
  async save() {
    await this.page.locator('.tab.active.dirty').waitFor()
    await this.page.keyboard.press('Control+s')
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' })
  }

  /** Chooses an item of a quick pick. With `placeholder`, waits for the quick pick that has it. */
  async choose(text, placeholder) {
    if (placeholder !== undefined) await this.question(placeholder).waitFor()
    await this.#quickInput().fill(text)
    await this.#row(text).click()
  }

  /** The input of a quick pick, by its placeholder. */
  question(placeholder) {
    return this.page.locator(`.quick-input-widget input[placeholder^="${placeholder}"]`)
  }

  /** Waits until the text of the first editor matches. */
  async waitForText(pattern) {
    await until(`the editor has no text like ${pattern}`, async () =>
      pattern.test(await this.text()),
    )
  }

  /** The visible text of the first editor. */
  async text() {
    return (await this.page.locator('.editor-instance .view-lines').first().innerText()).replaceAll(
      '\u00a0',
      ' ',
    )
  }

  /** Chooses a color theme. `base` is one of the keys of `THEME_KINDS`. */
  async theme(name, base) {
    // After a click in the page of the panel, the focus is in its frame.
    await this.page.locator('.tab.active').first().click()
    await this.page.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME')
    await this.command('Preferences: Color Theme')
    await this.choose(name)
    await this.page.locator(`.monaco-workbench.${base}`).waitFor()
    await this.panel().locator(`body[data-vscode-theme-kind="${THEME_KINDS[base]}"]`).waitFor()
  }

  /** The page of the extension's panel. */
  panel() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame')
  }

  /** Resolves when no animation is running, such as a fade-in. Endless animations do not count. */
  async untilStill() {
    await this.page.waitForFunction(() =>
      document
        .getAnimations()
        .every(
          ({ effect, playState }) =>
            playState !== 'running' || effect.getComputedTiming().endTime === Infinity,
        ),
    )
  }

  #quickInput() {
    return this.page
      .locator('.quick-input-widget:not([style*="display: none"]) input[type=text]')
      .first()
  }

  /** The first row of the quick pick with a text. */
  #row(text) {
    return this.page
      .locator('.quick-input-widget:not([style*="display: none"]) .monaco-list-row', {
        hasText: text,
      })
      .first()
  }
}

/** Whether an element appears within a few seconds. */
async function isShown(locator) {
  try {
    await locator.waitFor({ timeout: 5_000 })
    return true
  } catch (error) {
    if (error.name === 'TimeoutError') return false
    throw error
  }
}
