import js from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * The rooms of each house, from the ground up: a room imports only from itself and from those before it. Nothing in the
 * house imports from the folders in `closed`.
 */
const HOUSES = [
  {
    house: "emulator",
    rooms: ["core", "machine", "apis", "emulator.ts", "bin"],
    closed: ["command", "scripts", "tools", "bench", "test"],
  },
  {
    house: "scripts",
    rooms: [],
    closed: ["command", "emulator", "tools", "bench", "test"],
  },
  {
    house: "scripts/lib",
    rooms: [
      "cli",
      "google",
      "plan",
      "settings",
      "upgrade",
      "advisories",
      "manifest",
      "litellm-config",
      "service",
      "verify",
      "connect",
      "pipeline",
      "release",
      "logs",
      "load",
      "status",
      "doctor",
    ],
    closed: ["command", "emulator", "tools", "bench", "test", "stories"],
  },
];

/** One rule for the house, and one a room in its place. */
function guardHouse({ house, rooms, closed }) {
  const outside = forbid(closed, `${house}/ knows nothing of it.`);
  return [
    { files: [`${house}/**`], rules: toRule(outside) },
    ...rooms.slice(0, -1).map((room, floor) => {
      const message = `${house}/${room} lies below it: imports run downward only.`;
      const isFile = room.endsWith(".ts");
      const above = forbid(
        rooms.slice(floor + 1),
        message,
        isFile ? "./" : "../",
      );
      const files = isFile ? room : `${room}/**`;
      return { files: [`${house}/${files}`], rules: toRule(outside, above) };
    }),
  ];
}

/** Imports by a relative path that leads to one of these: from a room above its folders, from a file that is a room beside it. */
function forbid(names, message, step = "../") {
  const [either, up] = [names.join("|"), step].map((text) =>
    text.replaceAll(".", "\\."),
  );
  return { regex: `^(${up})+(${either})(/|$)`, message };
}

function toRule(...patterns) {
  return { "no-restricted-imports": ["error", { patterns }] };
}

export default tseslint.config(
  { ignores: ["node_modules/", ".cache/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ObjectExpression > SpreadElement > ObjectExpression",
          message:
            "Write its properties out: TypeScript does not check a spread literal for excess ones.",
        },
      ],
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "exit",
          message:
            "Set process.exitCode in scripts/lib/cli/run-script.ts and return.",
        },
      ],
    },
  },
  ...HOUSES.flatMap(guardHouse),
);
