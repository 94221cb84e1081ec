import type { Schema } from "../model/make-value.ts";

interface CacheControl {
  cache_control?: { type: "ephemeral"; ttl?: "5m" | "1h" };
}

export type Block = CacheControl &
  (
    | { type: "text"; text: string }
    | { type: "image"; source: { media_type: string; data: string } }
    | { type: "tool_use"; id: string; name: string; input?: object }
    | { type: "tool_result"; tool_use_id: string; content?: Block[] }
    | { type: "thinking"; thinking: string; signature?: string }
    | { type: "redacted_thinking"; data: string }
  );

export type Tool = CacheControl & { name: string; input_schema: Schema };

export interface Message {
  role: "user" | "assistant";
  content: Block[];
}

/** The body of the Messages API, every content as blocks. */
export interface MessagesRequest {
  messages: Message[];
  system?: Block[];
  tools?: Tool[];
  tool_choice?: { type: "auto" | "any" | "tool" | "none"; name?: string };
  thinking?: {
    type: "enabled" | "adaptive" | "disabled";
    budget_tokens?: number;
  };
  max_tokens: number;
  stop_sequences?: string[];
  stream?: boolean;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  output_config?: { format?: { schema: Schema } };
}
