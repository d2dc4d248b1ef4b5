import type { AddCommand } from './commandLine.js'

/** `rules`: prints the list of rules, or the page of one. */
export const addRules: AddCommand = (program, io, finish) => {
  program
    .command('rules')
    .description('list all rules, or print the page of a rule in Markdown')
    .argument('[name]', 'name of a rule')

    .action(async (name: string | undefined) => {
      const { rules } = await import('../run/rules.js')
      finish(rules(io, name))
    })
}
