/** The TCP port on which ztunnel and waypoints accept HBONE. */
export const HBONE_PORT = 15008
