// The kernel of the integer engine, in AssemblyScript; see docs/engine.md. One source gives
// two modules with the same results: with the integer dot product of relaxed SIMD, and with
// the 16-bit dot product of plain SIMD (tools/lib/kernel.ts compiles both).
export { convolve } from './convolution';
export { enlarge } from './enlarge';
export { arrangePairs } from './pairs';
export { pool } from './pool';
