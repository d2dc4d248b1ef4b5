import type { InputOptions } from '../inputs.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'

/** What each part of the configuration of ztunnel contains. */
const LISTINGS = [
  [
    'policies',
    'authorization policies that istiod sends to ztunnel, including converted PeerAuthentications',
  ],
  ['workloads', 'workloads with their waypoint, protocol and policies'],
  ['services', 'hosts of Services and ServiceEntries with their waypoint'],
] as const

/** A part of the configuration of ztunnel. */
export type ListingName = (typeof LISTINGS)[number][0]

export interface ListingOptions extends InputOptions {
  readonly format: string
  readonly strict?: boolean
}

/** `ztunnel-config`: predicts the configuration of ztunnel. */
export const addZtunnelConfig: AddCommand = (program, io, finish) => {
  const parent = program
    .command('ztunnel-config')
    .description('predict the output of "istioctl ztunnel-config" for the mesh in the files')
  for (const [name, summary] of LISTINGS) {
    const command = parent
      .command(name)
      .description(summary)
      .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
      .addOption(formatOption(['table', 'json']))
      .addOption(strictOption())
    addInputOptions(command).action(async (paths: string[], options: ListingOptions) => {
      const { ztunnelConfig } = await import('../run/ztunnelConfig.js')
      finish(await ztunnelConfig(io, name, paths, options))
    })
  }
}
