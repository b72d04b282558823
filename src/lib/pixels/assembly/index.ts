// The steps from full-size pixels to a model's input, in AssemblyScript with plain SIMD: the
// same bits as `channels.ts` and `resize.ts` (tools/lib/kernel.ts compiles it).
export { channelOf, greyOf } from './channels';
export { resizeColumns, resizeRows } from './resize';
