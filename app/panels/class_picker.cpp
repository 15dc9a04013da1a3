#include "app/panels/class_picker.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/widgets/fields.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr float kTileHeight = 36;
constexpr float kTileWidth = 100;  // at least

bool is_chosen(const GenerateSettings& settings, const std::string& name) {
  return settings.mix.empty() && std::find(settings.classes.begin(), settings.classes.end(), name) != settings.classes.end();
}

// "each class in turn", "potion", "3 classes in turn", "a mix".
std::string summary(const GenerateSettings& settings, const ModelInfo& model) {
  if (const Condition mix = mixed(settings, model); !mix.empty()) return "a mix: " + describe(mix);
  std::vector<std::string> chosen;
  for (const std::string& name : settings.classes) {
    if (std::find(model.classes.begin(), model.classes.end(), name) != model.classes.end()) chosen.push_back(name);
  }
  if (chosen.empty()) return "every class in turn";
  if (chosen.size() == 1) return display_name(chosen.front());
  return std::to_string(chosen.size()) + " classes in turn";
}

void draw_tile_label(const Ui& ui, const std::string& text, ImVec2 min, ImVec2 max, float left) {
  const ImFont* font = ui.theme.small;
  const float width = max.x - left - ui.px(3);
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, width, text.c_str());
  const ImVec2 at{left, min.y + std::max(0.0f, (max.y - min.y - size.y) / 2)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(min, max, true);
  list->AddText(font, font->FontSize, at, ImGui::GetColorU32(ImGuiCol_Text), text.c_str(), nullptr, width);
  list->PopClipRect();
}

// One class; returns where its picture goes.
ImVec2 draw_tile(Studio& studio, const std::string& name, ImVec2 size, float picture) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  const bool chosen = is_chosen(settings, name);
  const std::string widget = "generate.class." + name;
  if (ImGui::InvisibleButton(widget.c_str(), size)) {
    const ImGuiIO& io = ImGui::GetIO();
    choose_class(settings, name, io.KeyCtrl || io.KeyShift);
  }
  ui.map.note(widget, ParamValue(chosen));
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  const bool hovered = ImGui::IsItemHovered();
  ui.tooltips.show(chosen ? std::string() : "Click to make only these; Ctrl+click to make them as well");
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto background = chosen ? ImGuiCol_Header : hovered ? ImGuiCol_FrameBgHovered : ImGuiCol_FrameBg;
  list->AddRectFilled(min, max, ImGui::GetColorU32(background), ui.px(4));
  if (chosen) list->AddRect(min, max, packed(colour::chosen()), ui.px(4), 0, ui.px(2));
  const float margin = ui.px(4);
  draw_tile_label(ui, display_name(name), min, max, min.x + margin + (picture > 0 ? picture + margin : margin));
  return {min.x + margin, std::floor(min.y + (size.y - picture) / 2)};
}

void draw_tiles(Studio& studio, const ModelInfo& model) {
  Ui& ui = studio.ui;
  const TextureArray& thumbnails = ui.sprites.thumbnails();
  const bool pictures = thumbnails.layers() == static_cast<int>(model.classes.size());
  const int zoom = pictures ? std::max(1, static_cast<int>(ui.px(32)) / std::max(thumbnails.width(), thumbnails.height())) : 1;
  const float picture = pictures ? static_cast<float>(thumbnails.width() * zoom) : 0;
  const float gap = ui.px(4);
  const float space = ImGui::GetContentRegionAvail().x;
  const int columns = std::max(1, static_cast<int>((space + gap) / (ui.px(kTileWidth) + gap)));
  const float width = std::floor((space - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const ImVec2 size{width, std::max(ui.px(kTileHeight), picture + ui.px(4))};
  std::vector<SpriteQuad> quads;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(gap, gap));
  for (std::size_t i = 0; i < model.classes.size(); ++i) {
    if (i % static_cast<std::size_t>(columns) != 0) ImGui::SameLine();
    const ImVec2 at = draw_tile(studio, model.classes[i], size, picture);
    if (pictures) {
      quads.push_back({at.x, at.y, picture, static_cast<float>(thumbnails.height() * zoom), static_cast<float>(i)});
    }
  }
  ImGui::PopStyleVar();
  const SpriteLook look{.width = static_cast<float>(thumbnails.width()),
                        .height = static_cast<float>(thumbnails.height()),
                        .check_shift = 16,  // one plain background: a checkerboard this small would flicker
                        .zoom = static_cast<float>(zoom)};
  ui.sprites.show(thumbnails, std::move(quads), look);
}

void draw_mix(Studio& studio, const ModelInfo& model) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  const float gap = ui.px(6);
  const float width = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
  for (std::size_t i = 0; i < model.classes.size(); ++i) {
    if (i % 2 != 0) ImGui::SameLine(0, gap);
    const std::string& name = model.classes[i];
    const auto found = settings.mix.find(name);
    double weight = found == settings.mix.end() ? 0 : found->second;
    ImGui::SetNextItemWidth(width);
    const std::string widget = "generate.mix." + name;
    std::string format;
    for (char c : display_name(name)) format += c == '%' ? std::string("%%") : std::string(1, c);
    ImGui::PushStyleColor(ImGuiCol_Text, weight > 0 ? colour::text() : colour::quiet());
    if (slider(ui, widget, ("##" + widget).c_str(), weight, 0, 1, 0, (format + "  %.2f").c_str())) {
      if (weight > 0) {
        settings.mix[name] = weight;
      } else {
        settings.mix.erase(name);
      }
    }
    ImGui::PopStyleColor();
  }
}

void draw_nothing_to_choose(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  ImGui::PushTextWrapPos(0);
  if (mirror.engine() == EngineState::kFailed) {
    quiet_text("The engine could not be started, so nothing can be made. The message below says why.");
  } else if (!mirror.opening().empty() || mirror.engine() == EngineState::kStarting) {
    quiet_text("The classes appear here in a moment.");
  } else {
    quiet_text("No model is open. Choose one above, or put a .safetensors model into\n" + (home_folder() / "models").string());
  }
  ImGui::PopTextWrapPos();
}

// One line: what will be made, and the ways to change that as a whole.
void draw_summary(Studio& studio, const ModelInfo& model) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  const float right = ImGui::GetWindowContentRegionMax().x, top = ImGui::GetCursorPosY();
  const float clear_left = right - ui.px(52), fold_left = clear_left - ui.px(70);
  const std::string text = "Make " + summary(settings, model);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushClipRect(at, {at.x + fold_left - ImGui::GetCursorPosX() - ui.px(8), at.y + ui.px(28)}, true);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopClipRect();
  if (ImGui::GetItemRectMax().x > at.x + fold_left - ui.px(20)) ui.tooltips.show(text);
  ImGui::SetCursorPos({fold_left, top});
  fold(ui, "generate.mix", "Mix", studio.view.mix_open);
  ui.tooltips.show("Mix classes: sprites between them, such as half potion, half sword");
  ImGui::SetCursorPos({clear_left, top});
  const bool any = !settings.classes.empty() || !settings.mix.empty();
  if (action_button(ui, "generate.class_clear", "Clear", {ui.px(52), 0}, any ? "" : "No class is chosen",
                    "Make every class in turn")) {
    settings.classes.clear();
    settings.mix.clear();
  }
}

}  // namespace

void draw_class_picker(Studio& studio, float height) {
  const Ui& ui = studio.ui;
  View& view = studio.view;
  const auto& model = studio.mirror.model();
  const float top = ImGui::GetCursorPosY();
  if (model && !model->classes.empty()) {
    draw_summary(studio, *model);
  }
  float left = std::max(ui.px(120), height - (ImGui::GetCursorPosY() - top));
  if (view.classes_height > 0) left = std::min(left, view.classes_height);
  ImGui::BeginChild("classes", {0, left}, false);
  if (!model) {
    draw_nothing_to_choose(studio);
  } else if (model->classes.empty()) {
    quiet_text("This model knows no classes; it makes what it was trained on.");
  } else if (studio.view.mix_open) {
    draw_mix(studio, *model);
  } else {
    draw_tiles(studio, *model);
  }
  view.classes_height = ImGui::GetCursorPosY();
  ImGui::EndChild();
}

}  // namespace kiln
