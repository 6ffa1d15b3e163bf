import { parentPort, workerData } from 'node:worker_threads'
import type { Report } from '../model.ts'
import { writePdf } from './write-pdf.ts'

parentPort?.postMessage(new Uint8Array(await writePdf(workerData as Report)))
