#include "app/widgets/theme.h"

#include <cmath>
#include <filesystem>
#include <iterator>
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

struct Colours {
  ImVec4 canvas, panel, header, line, text, quiet, chosen, running, done, star, error;
  ImVec4 curves[6];
};

const Colours kDark = {.canvas = {0.086f, 0.090f, 0.098f, 1},
                       .panel = {0.122f, 0.126f, 0.137f, 1},
                       .header = {0.102f, 0.106f, 0.114f, 1},
                       .line = {0.212f, 0.220f, 0.239f, 1},
                       .text = {0.906f, 0.910f, 0.922f, 1},
                       .quiet = {0.643f, 0.659f, 0.694f, 1},
                       .chosen = {0.953f, 0.957f, 0.965f, 1},
                       .running = {0.451f, 0.690f, 0.945f, 1},
                       .done = {0.549f, 0.796f, 0.541f, 1},
                       .star = {0.965f, 0.792f, 0.353f, 1},
                       .error = {0.957f, 0.525f, 0.490f, 1},
                       .curves = {{0.451f, 0.690f, 0.945f, 1},
                                  {0.945f, 0.741f, 0.420f, 1},
                                  {0.937f, 0.529f, 0.510f, 1},
                                  {0.549f, 0.796f, 0.541f, 1},
                                  {0.792f, 0.561f, 0.831f, 1},
                                  {0.490f, 0.780f, 0.780f, 1}}};

const Colours kLight = {.canvas = {0.816f, 0.820f, 0.831f, 1},
                        .panel = {0.925f, 0.929f, 0.937f, 1},
                        .header = {0.961f, 0.965f, 0.973f, 1},
                        .line = {0.745f, 0.753f, 0.773f, 1},
                        .text = {0.110f, 0.118f, 0.133f, 1},
                        .quiet = {0.333f, 0.349f, 0.380f, 1},
                        .chosen = {0.075f, 0.082f, 0.098f, 1},
                        .running = {0.075f, 0.384f, 0.725f, 1},
                        .done = {0.118f, 0.451f, 0.118f, 1},
                        .star = {0.965f, 0.792f, 0.353f, 1},
                        .error = {0.733f, 0.153f, 0.118f, 1},
                        .curves = {{0.075f, 0.384f, 0.725f, 1},
                                   {0.682f, 0.408f, 0.043f, 1},
                                   {0.725f, 0.196f, 0.173f, 1},
                                   {0.161f, 0.490f, 0.161f, 1},
                                   {0.506f, 0.220f, 0.553f, 1},
                                   {0.059f, 0.459f, 0.459f, 1}}};

const Colours* in_use = &kDark;

void set_colours(ImGuiStyle& style, Brightness brightness) {
  using namespace colour;
  const bool light = brightness == Brightness::kLight;
  in_use = light ? &kLight : &kDark;
  // Levels are those on dark panels; on light ones, as far from them the other way.
  const auto grey = [light](float level) {
    const float shown = light ? 1.02f - level : level;
    return ImVec4(shown, shown + 0.004f, shown + 0.014f, 1);
  };
  ImVec4* c = style.Colors;
  c[ImGuiCol_Text] = text();
  c[ImGuiCol_TextDisabled] = quiet();
  c[ImGuiCol_TextSelectedBg] = light ? ImVec4(0.62f, 0.76f, 0.93f, 1) : ImVec4(0.3f, 0.42f, 0.56f, 1);
  c[ImGuiCol_WindowBg] = panel();
  c[ImGuiCol_ChildBg] = {0, 0, 0, 0};
  c[ImGuiCol_PopupBg] = light ? ImVec4(0.965f, 0.969f, 0.976f, 1) : grey(0.150f);
  c[ImGuiCol_Border] = line();
  c[ImGuiCol_Separator] = line();
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
  c[ImGuiCol_CheckMark] = chosen();
  c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgActive] = c[ImGuiCol_TitleBgCollapsed] = grey(0.190f);
  c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, light ? 0.35f : 0.55f};
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = grey(0.255f);
  c[ImGuiCol_ScrollbarGrabHovered] = grey(0.330f);
  c[ImGuiCol_ScrollbarGrabActive] = grey(0.400f);
}

}  // namespace

float Theme::px(float design_pixels) const { return std::floor(design_pixels * scale + 0.5f); }

namespace colour {
const ImVec4& canvas() { return in_use->canvas; }
const ImVec4& panel() { return in_use->panel; }
const ImVec4& header() { return in_use->header; }
const ImVec4& line() { return in_use->line; }
const ImVec4& text() { return in_use->text; }
const ImVec4& quiet() { return in_use->quiet; }
const ImVec4& chosen() { return in_use->chosen; }
const ImVec4& running() { return in_use->running; }
const ImVec4& done() { return in_use->done; }
const ImVec4& star() { return in_use->star; }
const ImVec4& error() { return in_use->error; }
const ImVec4& curve(std::size_t i) { return in_use->curves[i % std::size(in_use->curves)]; }
}  // namespace colour

Theme make_theme(float scale, Brightness brightness) {
  Theme theme;
  theme.scale = scale;
  theme.brightness = brightness;
  ImGui::GetIO().Fonts->Clear();
  theme.text = load(theme.px(kTextSize));
  theme.small = load(theme.px(kSmallSize));
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  set_colours(style, brightness);
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
  style.ScaleAllSizes(scale);
  return theme;
}

ImU32 packed(const ImVec4& c) { return ImGui::ColorConvertFloat4ToU32(c); }

}  // namespace kiln
