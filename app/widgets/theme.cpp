#include "app/widgets/theme.h"

#include <cmath>
#include <filesystem>
#include <string>

#include "engine/base/log.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr float kTextSize = 15;
constexpr float kSmallSize = 13;

// Latin, Greek and the few signs that the window uses.
constexpr ImWchar kGlyphs[] = {0x0020, 0x017F, 0x0391, 0x03C9, 0x1FB1, 0x1FB1, 0x2012, 0x2026, 0x2032, 0x2033, 0x203A,
                               0x203A, 0x2081, 0x2082, 0x2190, 0x2195, 0x21BA, 0x21BB, 0x2212, 0x2212, 0x221A, 0x221A,
                               0x2264, 0x2265, 0x25A0, 0x25CF, 0x2605, 0x2606, 0x2680, 0x2685, 0x2713, 0x2717, 0};

// DejaVu Sans beside the program's other files, else among the system's fonts (Debian, Arch, Fedora, local ones); empty if there is
// none.
std::string font_file() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const fs::path& folder :
       {share_folder() / "fonts", fs::path("/usr/share/fonts/truetype/dejavu"), fs::path("/usr/share/fonts/TTF"),
        fs::path("/usr/share/fonts/dejavu-sans-fonts"), fs::path("/usr/local/share/fonts")}) {
    if (fs::path file = folder / "DejaVuSans.ttf"; fs::is_regular_file(file, ignored)) return file.string();
  }
  return {};
}

ImFont* load(float size) {
  ImGuiIO& io = ImGui::GetIO();
  ImFontConfig config;
  config.OversampleH = 2;
  config.OversampleV = 1;
  if (const std::string file = font_file(); !file.empty()) {
    if (ImFont* font = io.Fonts->AddFontFromFileTTF(file.c_str(), size, &config, kGlyphs)) return font;
  }
  log_warn("DejaVu Sans was not found; the window uses a small bitmap font (Debian package: fonts-dejavu-core)");
  config.SizePixels = size;
  return io.Fonts->AddFontDefault(&config);
}

void set_colours(ImGuiStyle& style) {
  using namespace colour;
  const auto grey = [](float level, float alpha = 1) { return ImVec4(level, level + 0.004f, level + 0.014f, alpha); };
  ImVec4* c = style.Colors;
  c[ImGuiCol_Text] = kText;
  c[ImGuiCol_TextDisabled] = kQuiet;
  c[ImGuiCol_TextSelectedBg] = {0.3f, 0.42f, 0.56f, 1};
  c[ImGuiCol_WindowBg] = kPanel;
  c[ImGuiCol_ChildBg] = {0, 0, 0, 0};
  c[ImGuiCol_PopupBg] = grey(0.150f);
  c[ImGuiCol_Border] = kLine;
  c[ImGuiCol_Separator] = kLine;
  c[ImGuiCol_FrameBg] = grey(0.176f);
  c[ImGuiCol_FrameBgHovered] = grey(0.216f);
  c[ImGuiCol_FrameBgActive] = grey(0.243f);
  c[ImGuiCol_Button] = grey(0.200f);
  c[ImGuiCol_ButtonHovered] = grey(0.255f);
  c[ImGuiCol_ButtonActive] = grey(0.310f);
  c[ImGuiCol_Header] = grey(0.235f);
  c[ImGuiCol_HeaderHovered] = grey(0.275f);
  c[ImGuiCol_HeaderActive] = grey(0.314f);
  c[ImGuiCol_SliderGrab] = grey(0.545f);
  c[ImGuiCol_SliderGrabActive] = grey(0.745f);
  c[ImGuiCol_CheckMark] = kChosen;
  c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgActive] = c[ImGuiCol_TitleBgCollapsed] = grey(0.190f);
  c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.55f};
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = grey(0.255f);
  c[ImGuiCol_ScrollbarGrabHovered] = grey(0.330f);
  c[ImGuiCol_ScrollbarGrabActive] = grey(0.400f);
}

}  // namespace

float Theme::px(float design_pixels) const { return std::floor(design_pixels * scale + 0.5f); }

Theme make_theme(float content_scale) {
  Theme theme;
  theme.scale = content_scale;
  ImGui::GetIO().Fonts->Clear();
  theme.text = load(theme.px(kTextSize));
  theme.small = load(theme.px(kSmallSize));
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  set_colours(style);
  style.WindowPadding = {14, 10};
  style.FramePadding = {8, 4};
  style.ItemSpacing = {8, 5};
  style.ItemInnerSpacing = {6, 4};
  style.FrameRounding = 4;
  style.GrabRounding = 3;
  style.PopupRounding = 4;
  style.ScrollbarRounding = 6;
  style.ScrollbarSize = 10;
  style.GrabMinSize = 10;
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.PopupBorderSize = 1;
  style.DisabledAlpha = 0.45f;
  style.ScaleAllSizes(content_scale);
  return theme;
}

ImU32 packed(const ImVec4& c) { return ImGui::ColorConvertFloat4ToU32(c); }

}  // namespace kiln
