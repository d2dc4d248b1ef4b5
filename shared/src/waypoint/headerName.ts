/** The name by which Envoy finds a header: `host` is another name of `:authority` (header_map_impl.cc). */
export function headerName(written: string): string {
  const name = written.toLowerCase()
  return name === 'host' ? ':authority' : name
}
