// Tests the packaged extension in a real VS Code workbench: each tour acts as a user. Screenshots go to `e2e-output/`.
// `node client/test/e2e.mjs NAME…` runs only these tours, with the existing package.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installWorkbench } from './installWorkbench.mjs'
import { startWorkbench } from './startWorkbench.mjs'
import { Workbench } from './workbench.mjs'

/**
 * The tours in their order. `screenshots` makes the pictures of the documents and `large` takes minutes: name them
 * to run them.
 */
const TOURS = [
  'quiet',
  'editing',
  'structure',
  'writing',
  'ignoring',
  'menus',
  'evaluate',
  'logs',
  'tests',
  'roots',
  'names',
  'files',
  'mesh',
  'matrix',
  'access',
  'walkthrough',
  'newcomer',
  'killing',
  'worker',
  'web',
  'neovim',
  'emacs',
]

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const { name, version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const output = at('e2e-output')
const wanted = process.argv.slice(2)
if (wanted.length === 0) rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })

const root = mkdtempSync(join(tmpdir(), 'ambient-policy-e2e-'))
let workbench
try {
  for (const tour of wanted.length > 0 ? wanted : TOURS) await run(tour)
} finally {
  await workbench?.browser.close()
  await workbench?.server.stop()
  rmSync(root, { recursive: true, force: true })
}

/** Runs a tour on a copy of its fixture, or in an empty folder. */
async function run(name) {
  const {
    fixture,
    tour,
    settings = {},
    viewport = { width: 1400, height: 900 },
    browser = true,
  } = await import(`./tours/${name}.mjs`)
  const folder = join(root, name)
  if (fixture === undefined) mkdirSync(folder)
  else cpSync(at(fixture), folder, { recursive: true })
  console.log(`${name}:`)
  const given = { folder, at, step: (text) => console.log(`✓ ${text}`) }
  if (browser) await onPage(name, { settings, viewport }, (page) => tour({ ...given, ...page }))
  else await tour(given)
}

/** Runs `act` on a new page of the workbench. The first call starts the workbench. */
async function onPage(name, { settings, viewport }, act) {
  workbench ??= await start()
  const { browser, server } = workbench
  server.set(settings)
  const page = await browser.newPage({ viewport })
  const workbenchPage = new Workbench(page)
  try {
    const shoot = async (file) => {
      await workbenchPage.untilStill()
      await page.screenshot({ path: join(output, `${name}-${file}.png`) })
    }
    await act({ page, workbench: workbenchPage, server, shoot })
  } catch (error) {
    await page.screenshot({ path: join(output, `${name}-failed.png`) })
    console.log((await page.locator('.notification-list-item-message').allInnerTexts()).join('\n'))
    throw error
  } finally {
    await page.close()
  }
}

async function start() {
  const programs = installWorkbench(at('.workbench'))
  const { chromium } = await import(pathToFileURL(programs.playwright).href)
  const server = await startWorkbench({ programs, root, vsix: at(`${name}-${version}.vsix`) })
  try {
    const browser = await chromium.launch({
      executablePath: programs.chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ],
    })
    return { browser, server }
  } catch (error) {
    await server.stop()
    throw error
  }
}
