/** Mends as a kind of planning run. */
import { z } from 'zod'
import { MendsDrawing, MendsInput, MendsResult } from './mends.ts'
import { planningKind } from './planning-kind.ts'

export const MENDS_ENGINE_VERSION = '3'

export const MENDS = planningKind('mends', { question: MendsInput, input: MendsInput, interim: z.null(), result: MendsResult, drawing: MendsDrawing })
