/** Draws a deck.gl layer on one side of a seam that stands upright on the screen. */
import { type Layer, LayerExtension } from '@deck.gl/core'

export type SeamSide = 'left' | 'right'
interface SeamOptions {
  side: SeamSide
  /** Where the seam stands, as a share of the picture's width; read whenever it is drawn, so that moving it makes no layer anew. */
  seam: () => number
}

const shaderModule = {
  name: 'seam',
  fs: /* glsl */ `
layout(std140) uniform seamUniforms {
  float firstPixel;
  float endPixel;
} seam;
`,
  uniformTypes: { firstPixel: 'f32', endPixel: 'f32' },
} as const

const inject = {
  'fs:DECKGL_FILTER_COLOR': /* glsl */ `
  if (gl_FragCoord.x < seam.firstPixel || gl_FragCoord.x >= seam.endPixel) discard;
`,
}

export class SeamExtension extends LayerExtension<SeamOptions> {
  static override extensionName = 'SeamExtension'

  override getShaders(): object {
    return { modules: [shaderModule], inject }
  }

  override draw(this: Layer, _parameters: unknown, extension: SeamExtension): void {
    const { side, seam } = extension.opts
    const width = this.context.gl.drawingBufferWidth
    const at = Math.round(seam() * width)
    this.setShaderModuleProps({ seam: side === 'left' ? { firstPixel: 0, endPixel: at } : { firstPixel: at, endPixel: width } })
  }
}
