import js from "@eslint/js";
import tseslint from "typescript-eslint";

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
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "exit",
          message: "Set process.exitCode in scripts/lib/cli.ts and return.",
        },
      ],
    },
  },
  {
    files: ["scripts/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/emulator/**"],
              message: "The scripts know nothing of the emulator.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["scripts/deploy.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex:
                "/(apply|config-file|verify-revision)\\.ts$|/(manifest|plan|settings)/|/google/rest\\.ts$",
              allowTypeImports: true,
              message:
                "Slow to load: import() it while gcloud says who it is (npm run bench).",
            },
          ],
        },
      ],
    },
  },
);
