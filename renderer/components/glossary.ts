/** The words of the field, each defined once; views show them as tool tips (Term.tsx). */

/** What a word means, in a sentence or two. */
export const glossary = {
  TTFT: "Time to first token: from a request's arrival to its first output token, waiting included.",
  TPOT: "Time per output token after the first: (last token - first token) / (output tokens - 1).",
  MIG: "Multi-Instance GPU: one GPU cut into up to seven instances, each with its own compute, cache and memory slices. Instances cannot exchange data, so a replica must fit into one.",
  NIM: "NVIDIA NIM: a container that serves a model and picks TensorRT-LLM, vLLM or SGLang for the GPU that it finds. For production it needs an NVIDIA AI Enterprise licence.",
  "end to end": "From a request's arrival to its last output token.",
  "tensor parallel":
    "GPUs over which each layer of one replica is split. They share the weights and exchange activations at every layer.",
  replica:
    "One copy of the model, on as many GPUs as tensor parallel says, or on one MIG instance.",
  "KV cache":
    "Keys and values of the tokens under way. Its room decides how many requests can run at once and how long they may be.",
  precision: "Format of the weights. Fewer bits take less memory and less time to read.",
  maxNumSeqs: "The most requests that one replica runs in an iteration (vLLM's max_num_seqs).",
  maxNumBatchedTokens:
    "The most tokens that one iteration computes, prompts in chunks included (vLLM's max_num_batched_tokens).",
  spill: "A request that waits too long for own GPUs goes on to the next rule, usually to an API.",
  "batch API": "The provider answers within a day at a discount, typically half price.",
  "cached input":
    "Prompt tokens that the provider has seen a moment before, billed at a lower price.",
  "fixed cost": "What a month costs whatever is served: staff, network, colocation.",
  "warm-up":
    "The beginning of a run that is simulated but not counted, because queues and caches are still empty.",
  seed: "The number from which all random draws follow. The same seed gives the same run, to the byte.",
  "month hours":
    "Hours that a month is reckoned with. 730 is a year's twelfth; some price pages use 720 or 725.",
} as const;

/** A word that is defined. */
export type Word = keyof typeof glossary;
