#include "app/panels/model_dialog.h"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <filesystem>

#include "app/panels/actions.h"
#include "app/widgets/fields.h"
#include "app/widgets/modal.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using Page = ModelDialog::Page;

constexpr const char* kTitle = "###model_dialog";
constexpr float kWidth = 560;

// Wrapped at the dialog's width, so that its height follows from its words.
void wrapped(const std::string& text, const ImVec4& ink) {
  ImGui::PushStyleColor(ImGuiCol_Text, ink);
  ImGui::TextWrapped("%s", text.c_str());
  ImGui::PopStyleColor();
}

void draw_error(const std::optional<Error>& error) {
  if (!error) return;
  wrapped(error->message, colour::error());
  wrapped(error->hint, colour::quiet());
}

// True when Enter was pressed in it. `beside`: what is left free on the right.
bool text_field(Ui& ui, const char* name, const char* hint, std::string& text, float beside = 0) {
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - beside);
  const bool entered =
      ImGui::InputTextWithHint(("##" + std::string(name)).c_str(), hint, &text, ImGuiInputTextFlags_EnterReturnsTrue);
  ui.map.note(name, ParamValue(text));
  return entered;
}

void gap(const Ui& ui) { ImGui::Dummy({0, ui.px(6)}); }

ImVec2 button_size(const Ui& ui) { return {ui.px(170), ui.px(34)}; }

void close(ModelDialog& dialog) {
  dialog.page = Page::kClosed;
  dialog.waiting.clear();
}

void open_browser(ModelDialog& dialog) {
  const auto is_model = [](const fs::path& path) { return kind_of(path) == PathKind::kModel; };
  dialog.browser.open({.title = "Find a model",
                       .name = "generate.model_browser",
                       .takes_folders = true,
                       .takes_file = is_model,
                       .use_folder = "Use this folder"},
                      typed_path(dialog.path));
}

void draw_path_page(Studio& studio) {
  Ui& ui = studio.ui;
  ModelDialog& dialog = studio.view.model_dialog;
  ImGui::TextUnformatted("Open a model");
  wrapped(
      "A Spritekiln model, a PyTorch or safetensors checkpoint of another project, or the folder of a diffusers model. Nothing in "
      "the file is run.",
      colour::quiet());
  gap(ui);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  const float browse = ui.px(84), between = ui.px(6);
  const bool entered = text_field(ui, "generate.model_path", "~/models/checkpoint.pth", dialog.path, browse + between);
  ImGui::SameLine(0, between);
  if (action_button(ui, "generate.model_path.browse", "Browse", {browse, 0}, {})) open_browser(dialog);
  if (const auto chosen = dialog.browser.draw(ui)) dialog.path = chosen->string();
  const bool opening = !dialog.waiting.empty();
  if (opening) {
    quiet_text("Opening…");
  } else {
    draw_error(studio.mirror.opening_problem());
  }
  gap(ui);
  const std::string why_not = opening ? "The model is being opened" : dialog.path.empty() ? "Type where the file is" : "";
  const bool pressed = main_button(ui, "generate.model_open", "Open", button_size(ui), why_not);
  if (why_not.empty() && (pressed || entered)) {
    dialog.waiting = typed_path(dialog.path).string();
    choose_model(studio, dialog.waiting);
  }
  ImGui::SameLine();
  if (action_button(ui, "generate.model_cancel", "Cancel", button_size(ui), {})) close(dialog);
}

// Once the model that was asked for is there, or is not.
void follow_opening(Studio& studio) {
  ModelDialog& dialog = studio.view.model_dialog;
  const Mirror& mirror = studio.mirror;
  if (dialog.waiting.empty() || !mirror.opening().empty()) return;
  dialog.waiting.clear();
  if (mirror.opening_problem()) return;
  close(dialog);
  if (mirror.model() && mirror.model()->foreign) show_assumptions(studio);
}

void draw_fields(Studio& studio, const ModelInfo& model) {
  Ui& ui = studio.ui;
  ModelDialog& dialog = studio.view.model_dialog;
  ImGui::TextUnformatted("What the file cannot say");
  small_text(ui, "0 and “auto” leave it as it was assumed", colour::quiet());
  for (const ParamSpec& spec : studio.mirror.catalog().import) param_row(ui, "import.", spec, dialog.values);
  if (!model.classes.empty()) {
    field_label(ui, "Class names", "In the order of their numbers, separated by commas");
    const std::string hint = std::to_string(model.classes.size()) + " names, as potion, sword, dragon";
    text_field(ui, "import.classes", hint.c_str(), dialog.classes);
  }
  field_label(ui, "Model file", "Where the model with these settings is written");
  text_field(ui, "import.out", "", dialog.out);
}

std::string why_not_import(const Studio& studio, const ModelInfo& model) {
  const ModelDialog& dialog = studio.view.model_dialog;
  if (studio.mirror.import.running()) return "The model is being written";
  if (dialog.out.empty()) return "Type a name for the model file";
  const auto names = listed_names(dialog.classes).size();
  if (names != 0 && names != model.classes.size()) {
    return std::to_string(names) + " of " + std::to_string(model.classes.size()) + " class names are given";
  }
  return {};
}

void draw_assumed_page(Studio& studio) {
  Ui& ui = studio.ui;
  ModelDialog& dialog = studio.view.model_dialog;
  const ModelInfo& model = *studio.mirror.model();
  ImGui::TextUnformatted((model.name + " is from another project").c_str());
  quiet_text(std::to_string(model.width) + "×" + std::to_string(model.height) + (model.channels == 3 ? " RGB, " : " RGBA, ") +
             std::to_string(model.classes.size()) + " classes, " + model.schedule);
  gap(ui);
  for (const std::string& note : model.notes) wrapped("•  " + note, colour::text());
  gap(ui);
  draw_fields(studio, model);
  if (!studio.mirror.import.running()) draw_error(studio.mirror.import.problem());
  gap(ui);
  const std::string why_not = why_not_import(studio, model);
  if (main_button(ui, "import.run", "Save and use", button_size(ui), why_not,
                  "Writes a model file with these settings and opens it")) {
    const std::string out = typed_path(dialog.out).string();
    studio.mirror.import.start(dialog.about, out, listed_names(dialog.classes), dialog.values);
  }
  ImGui::SameLine();
  if (action_button(ui, "import.close", "Use it as it is", button_size(ui), {}, "With what was assumed")) close(dialog);
}

}  // namespace

void ask_for_model(Studio& studio) { studio.view.model_dialog.page = Page::kPath; }

void show_assumptions(Studio& studio) {
  ModelDialog& dialog = studio.view.model_dialog;
  const ModelInfo& model = *studio.mirror.model();
  dialog.page = Page::kAssumed;
  if (dialog.about == model.path) return;
  dialog.about = model.path;
  dialog.classes.clear();
  dialog.values = defaults_of(studio.mirror.catalog().import);
  dialog.out = (home_folder() / "models" / (model.name + ".safetensors")).string();
}

void draw_model_dialog(Studio& studio) {
  ModelDialog& dialog = studio.view.model_dialog;
  if (const std::string made = studio.mirror.import.take_made(); !made.empty()) {
    close(dialog);
    choose_model(studio, made);
  }
  follow_opening(studio);
  if (dialog.page == Page::kAssumed && !(studio.mirror.model() && studio.mirror.model()->foreign)) close(dialog);
  if (dialog.page == Page::kClosed && !ImGui::IsPopupOpen(kTitle)) return;
  if (dialog.page != Page::kClosed && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
  const Ui& ui = studio.ui;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(22), ui.px(18)));
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(ui.px(kWidth), size.x), 0});
  constexpr int kFlags =
      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize;
  if (begin_modal(kTitle, kFlags)) {
    if (dialog.page == Page::kPath)
      draw_path_page(studio);
    else if (dialog.page == Page::kAssumed)
      draw_assumed_page(studio);
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) close(dialog);
    if (dialog.page == Page::kClosed) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace kiln
