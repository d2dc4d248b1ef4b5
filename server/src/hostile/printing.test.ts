import { describe, expect, it } from 'vitest'
import { sampled, replaceIn } from '@istio-ambient-policy/shared/testing'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { annotatingCommands, everyCommand } from './everyCommand.js'
import { meshWith, unprintableIn } from './meshWith.js'
import { workflowCommandsIn } from './workflowLog.js'

/** Texts that are commands of a terminal or of a workflow, or that change how other text is shown. */
const PAYLOADS = {
  'a workflow command': '::error::x',
  'a workflow command with parameters': '::set-env name=PATH::x',
  'a workflow command after white space': ' \t::add-mask::x',
  'a workflow command after a line feed': 'a\n::stop-commands::x',
  'a workflow command after a carriage return': 'a\r::group::x',
  'a workflow command after both': 'a\r\n  ::save-state name=a::x',
  'a workflow command after a zero-width space': '\u200b::warning::x',
  'a workflow command after a byte order mark': '\ufeff::notice::x',
  'a workflow command after a line separator': 'a\u2028::error::x',
  'a workflow command with a soft hyphen': ':\u00ad:error:\u00ad:x',
  'an escaped workflow command': 'a%0A::error::x',
  'an old workflow command': 'a ##[add-mask]x',
  'an old workflow command with a zero-width space': '#\u200b#[error]x',
  'an escape sequence': '\u001b[2J\u001b[1;1Hx',
  'a title of the terminal': '\u001b]0;x\u0007',
  'a link of the terminal': '\u001b]8;;http://x\u001b\\x\u001b]8;;\u001b\\',
  'an escape sequence of C1': '\u009b2Jx',
  'a backspace': 'abc\b\b\bx',
  'an override of the direction': '\u202eabc',
  'an isolate of the direction': '\u2066abc',
  'an Arabic letter mark': '\u061cabc',
  'tag characters': 'a\u{e0041}\u{e007f}',
  'an HTML comment': '--><script>x</script><!--',
  'a mention and a link': '@org/team [x](javascript:x) ![y](http://y)',
  'an end of CDATA': ']]></failure>',
}

const COMMANDS = everyCommand()
/** Each payload is printed by a part of the commands, so that four payloads are printed by each. Fuzzing draws all. */
const PARTS = 6

/** A diff in a pipe has the exact text, see below. */
const isDiff = (command: readonly string[]): boolean => command.includes('--fix-dry-run')

async function inFolder<T>(
  files: Record<string, string>,
  work: (cli: CliFolder) => Promise<T>,
): Promise<T> {
  const cli = createCliFolder(files)
  try {
    return await work(cli)
  } finally {
    cli.remove()
  }
}

const CASES = Object.entries(PAYLOADS).map(([name, payload], index) => ({ name, payload, index }))

describe.each(sampled(CASES, 4))('printing: $name', ({ payload, index }) => {
  it('no stream of a command has a workflow command, an escape sequence or an invisible character', async () => {
    await inFolder(meshWith(payload), async (cli) => {
      for (const command of COMMANDS.filter((_, at) => at % PARTS === index % PARTS)) {
        const { out, errors, status } = await cli.run(command, { workflow: true })
        const warnings = errors.map((line) => `ambient-policy: ${line}`).join('\n')
        const shown = isDiff(command) ? warnings : `${out}\n${warnings}`
        expect({
          command,
          commands: workflowCommandsIn(`${out}\n${warnings}`),
          unprintable: unprintableIn(shown),
          isSilent: status > 1 && errors.length === 0,
        }).toEqual({ command, commands: [], unprintable: [], isSilent: false })
      }
    })
  })

  it('the JSON has the exact text', async () => {
    await inFolder(meshWith(payload), async (cli) => {
      const { out } = await cli.run(['check', '--format', 'json'], { workflow: true })
      const report = JSON.parse(out) as { findings: { object: { name: string } | null }[] }
      expect(report.findings.map(({ object }) => object?.name)).toContain(payload)
    })
  })

  it('the format github prints one command for each finding, and nothing else', async () => {
    await inFolder(meshWith(payload), async (cli) => {
      const { out: json } = await cli.run(['check', '--format', 'json'])
      const { findings } = JSON.parse(json) as { findings: { rule: string }[] }
      const { out, errors } = await cli.run(['check', '--format', 'github'], { workflow: true })
      const commands = workflowCommandsIn(out)
      expect(commands).toHaveLength(findings.length)
      expect(out.trimEnd().split(/\r\n|\r|\n/)).toHaveLength(findings.length)
      for (const [index, { name, parameters }] of commands.entries()) {
        expect(['error', 'warning', 'notice']).toContain(name)
        expect(parameters).toMatch(/^file=[^:]*,title=[a-z0-9-]+$/)
        expect(parameters.endsWith(`,title=${findings[index]?.rule ?? ''}`)).toBe(true)
      }
      expect(unprintableIn(out)).toEqual([])
      expect(workflowCommandsIn(errors.join('\n'))).toEqual([])
    })
  })

  it('annotations of all commands are commands of their own', async () => {
    await inFolder(meshWith(payload), async (cli) => {
      for (const command of annotatingCommands()) {
        const { out, errors } = await cli.run(command, { workflow: true })
        const lines = out.split(/\r\n|\r|\n/).filter((line) => line !== '')
        const commands = workflowCommandsIn(out)
        expect({ command, names: [...new Set(commands.map(({ name }) => name))] }).toEqual({
          command,
          names: [...new Set(commands.map(({ name }) => name))].filter((name) =>
            ['error', 'warning', 'notice'].includes(name),
          ),
        })
        // A line of text between the annotations is no command.
        expect(commands.length).toBeLessThanOrEqual(lines.length)
        expect({ command, found: unprintableIn(out) }).toEqual({ command, found: [] })
        expect(workflowCommandsIn(errors.join('\n'))).toEqual([])
      }
    })
  })

  it('settings and arguments are printed in the same way', async () => {
    const text = JSON.stringify(payload)
    const settings = [
      `${text}: 1\n`,
      `rules: {${text}: off}\n`,
      `exclude: [${JSON.stringify(`!${payload}`)}]\n`,
      `istioVersion: ${text}\n`,
      `# ${payload}\n- ${payload}: [\n`,
    ]
    for (const content of settings) {
      await inFolder({ '.ambient-policy.yaml': content, 'a.yaml': '' }, async (cli) => {
        const { errors } = await cli.run(['check'], { workflow: true })
        expect(workflowCommandsIn(errors.join('\n'))).toEqual([])
        expect(unprintableIn(errors.join('\n'))).toEqual([])
      })
    }
    await inFolder(meshWith(payload), async (cli) => {
      for (const args of [
        ['explain', `AuthorizationPolicy/shop/${payload}`],
        ['explain', '--format', 'markdown', `AuthorizationPolicy/shop/${payload}`],
        ['explain', '--format', 'json', `Namespace/shop`],
        ['explain', 'Namespace/shop'],
        ['check', '--baseline', payload],
        ['check', payload],
        [
          'evaluate',
          '--from',
          `shop/${payload}`,
          '--to',
          'service',
          `shop/${payload}`,
          '--port',
          '80',
          '--method',
          payload,
          '--path',
          payload,
        ],
      ]) {
        const { out, errors } = await cli.run(args, { workflow: true })
        expect({ args, found: workflowCommandsIn(`${out}\n${errors.join('\n')}`) }).toEqual({
          args,
          found: [],
        })
        expect({ args, found: unprintableIn(`${out}\n${errors.join('\n')}`) }).toEqual({
          args,
          found: [],
        })
      }
    })
  })
})

describe('printing: a diff', () => {
  const FILE =
    'apiVersion: security.istio.io/v1beta1 # 1\nkind: PeerAuthentication\nmetadata: {name: a, namespace: a}\n'

  it('a diff in a pipe is exact, and in a terminal printable', async () => {
    await inFolder({ 'a.yaml': replaceIn(FILE, ['# 1', '# \u001b[2J']) }, async (cli) => {
      const args = ['check', '--fix-dry-run']
      expect((await cli.run(args)).out).toContain('# \u001b[2J')
      expect(unprintableIn((await cli.run(args, { terminal: true })).out)).toEqual([])
    })
  })

  it('a diff that contains a workflow command is not printed in a workflow', async () => {
    await inFolder({ 'a.yaml': replaceIn(FILE, ['# 1', '# ##[add-mask]x']) }, async (cli) => {
      const { out, errors, status } = await cli.run(['check', '--fix-dry-run'], { workflow: true })
      expect({ out, status }).toEqual({ out: '', status: 2 })
      expect(errors).toContain(
        'a.yaml was not printed: its diff contains a command of the workflow',
      )
      expect((await cli.run(['check', '--fix-dry-run'])).out).toContain('##[add-mask]x')
    })
  })

  it('a file name with line breaks is not a part of a diff', async () => {
    await inFolder({ 'a\n--- b.yaml': FILE }, async (cli) => {
      const { out, errors, status } = await cli.run(['check', '--fix-dry-run'])
      expect({ out, status }).toEqual({ out: '', status: 2 })
      expect(errors).toContain('a\ufffd--- b.yaml was not printed: its name has control characters')
    })
  })
})

describe('the grammar of workflow commands', () => {
  it.each([
    ['::error file=a.yaml::x', { name: 'error', parameters: 'file=a.yaml', value: 'x' }],
    ['  ::endgroup::', { name: 'endgroup', parameters: '', value: '' }],
    ['text\r::add-mask::x', { name: 'add-mask', parameters: '', value: 'x' }],
    ['text ##[group]x', { name: 'group', parameters: '', value: 'x' }],
  ])('the parser of the tests reads %j', (line, command) => {
    expect(workflowCommandsIn(line)).toEqual([command])
  })

  it('the parser of the tests reads no command in other text', () => {
    expect(workflowCommandsIn('a ::error::x\n12 | ::x\n# [x]')).toEqual([])
  })
})
