// Converts the SVG icon of the extension to PNG: node scripts/icon.mjs. Uses the programs that `npm run e2e` installs.
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installWorkbench } from '../client/test/installWorkbench.mjs'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const programs = installWorkbench(at('.workbench'))
const { chromium } = await import(pathToFileURL(programs.playwright).href)
const browser = await chromium.launch({
  executablePath: programs.chromium,
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } })
  await page.setContent(
    `<body style="margin:0">${readFileSync(at('client/media/icon.svg'), 'utf8')}</body>`,
  )
  await page.screenshot({ path: at('client/media/icon.png'), omitBackground: true })
} finally {
  await browser.close()
}
