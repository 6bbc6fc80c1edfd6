import {
  ActionIcon,
  Badge,
  Button,
  Combobox,
  createTheme,
  defaultVariantColorsResolver,
  Drawer,
  Modal,
  NumberInput,
  Popover,
  SegmentedControl,
  Select,
  Table,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type CSSVariablesResolver,
  type VariantColorsResolver,
} from "@mantine/core";

const quickMs = 120;
const transitionProps = { duration: quickMs };
/** The page has one banner, and a dialog's heading is none. */
const attributes = { header: { role: "none" } };

/** Filled in the accent takes its text colour from the scheme; Mantine picks one for both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const isAccent = input.color === undefined || input.color === "accent";
  return input.variant === "filled" && isAccent
    ? {
        background: "var(--sw-accent)",
        hover: "var(--sw-accent-hover)",
        color: "var(--sw-on-accent)",
        border: "1px solid transparent",
      }
    : defaultVariantColorsResolver(input);
};

/** Mantine in the words of `tokens.css`. */
export const theme = createTheme({
  fontFamily: "Inter, system-ui, sans-serif",
  fontFamilyMonospace: "var(--sw-mono)",
  headings: { fontFamily: "Inter, system-ui, sans-serif", fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 3 },
  variantColorResolver,
  respectReducedMotion: true,
  cursorType: "pointer",
  colors: {
    accent: [
      "#eef3ff",
      "#dbe5ff",
      "#b6caff",
      "#8aabff",
      "#668ff8",
      "#4a76ea",
      "#3462da",
      "#2450c4",
      "#1d429f",
      "#18367f",
    ],
    gray: [
      "#f7f8f8",
      "#f0f2f3",
      "#eaecee",
      "#dcdfe3",
      "#c3c8ce",
      "#a3aab3",
      "#868e98",
      "#5b636d",
      "#434a53",
      "#15181c",
    ],
    dark: [
      "#e9ebed",
      "#b7bdc5",
      "#8f97a1",
      "#6d757f",
      "#363c43",
      "#292e33",
      "#1c2024",
      "#16191c",
      "#0e1012",
      "#0a0c0d",
    ],
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 28 } }),
    Badge: Badge.extend({ defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 } }),
    Button: Button.extend({ defaultProps: { size: "xs", fw: 500 } }),
    // The options of what is closed are not in the page.
    Combobox: Combobox.extend({ defaultProps: { keepMounted: false } }),
    Drawer: Drawer.extend({ defaultProps: { transitionProps, overlayProps: { backgroundOpacity: 0.3 }, attributes } }),
    Modal: Modal.extend({ defaultProps: { transitionProps, overlayProps: { backgroundOpacity: 0.3 }, attributes } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: "xs" } }),
    Popover: Popover.extend({ defaultProps: { transitionProps, shadow: "md" } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: "xs", transitionDuration: quickMs },
      styles: {
        root: { background: "var(--sw-sunken)" },
        label: { minHeight: 24, paddingInline: 10, fontWeight: 500 },
      },
    }),
    Select: Select.extend({ defaultProps: { size: "xs" } }),
    Table: Table.extend({ defaultProps: { fz: 13 } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Textarea: Textarea.extend({ defaultProps: { size: "xs" } }),
    TextInput: TextInput.extend({ defaultProps: { size: "xs" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, transitionProps, withArrow: true, fz: 12 } }),
  },
});

const shared = {
  "--mantine-color-body": "var(--sw-surface)",
  "--mantine-color-text": "var(--sw-text)",
  "--mantine-color-dimmed": "var(--sw-text-3)",
  "--mantine-color-placeholder": "var(--sw-text-3)",
  "--mantine-color-default": "var(--sw-surface)",
  "--mantine-color-default-color": "var(--sw-text)",
  "--mantine-color-default-hover": "var(--sw-hover)",
  "--mantine-color-default-border": "var(--sw-line)",
  "--mantine-color-anchor": "var(--sw-accent)",
  "--mantine-color-error": "var(--sw-open)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
