/** Wakes at the doorbell, reads committed events in order, hands them to every open feed. */
export interface LiveHub {
  close(): Promise<void>
}
