#include "app/panels/generate_panel.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/panels/actions.h"
#include "app/panels/class_picker.h"
#include "app/panels/frame.h"
#include "app/panels/guidance_picture.h"
#include "app/panels/live.h"
#include "app/panels/model_dialog.h"
#include "app/panels/model_picker.h"
#include "app/panels/palette_row.h"
#include "app/panels/shortcuts.h"
#include "app/panels/start_image_row.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string model_label(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (!mirror.opening().empty()) return "opening " + std::filesystem::path(mirror.opening()).stem().string() + "…";
  if (mirror.model()) return mirror.model()->name;
  return studio.view.models.empty() ? "no model found" : "choose a model";
}

void draw_model_picker(Studio& studio) {
  field_label(studio.ui, "Model", "A file that knows how to make sprites");
  const std::string path = studio.mirror.model() ? studio.mirror.model()->path : std::string();
  if (const auto chosen = model_picker(studio, "generate.model", model_label(studio), path, true)) choose_model(studio, *chosen);
}

// Below the picker, for a model of another project.
void draw_origin(Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (!mirror.model() || !mirror.model()->foreign || !mirror.opening().empty()) return;
  field_label(studio.ui, "", "");
  if (action_button(studio.ui, "generate.model_assumed", "What was assumed…", {-FLT_MIN, 0}, {},
                    "This model is from another project: see what was found in its file, and say what it cannot")) {
    show_assumptions(studio);
  }
}

void draw_sampler(Studio& studio) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  const Catalog& catalog = studio.mirror.catalog();
  const SamplerInfo* sampler = find_sampler(catalog, settings.sampler);
  field_label(ui, "Sampler", "How the way from noise to sprite is walked");
  if (begin_combo(ui, "generate.sampler", sampler ? sampler->label : settings.sampler, settings.sampler)) {
    for (const SamplerInfo& each : catalog.samplers) {
      if (ImGui::Selectable(each.label.c_str(), each.id == settings.sampler)) settings.sampler = each.id;
      ui.map.note("generate.sampler." + each.id);
      ui.tooltips.show(each.help);
    }
    ImGui::EndCombo();
  } else if (sampler) {
    ui.tooltips.show(sampler->help);
  }
  sampler = find_sampler(catalog, settings.sampler);
  if (!sampler) return;
  for (const ParamSpec& spec : sampler->params) {
    param_row(ui, "generate.sampler_params.", spec, settings.sampler_params[sampler->id]);
  }
}

// A padlock, open or closed, drawn into a square button.
bool lock_button(Ui& ui, bool locked, float side) {
  const bool pressed = ImGui::Button("##generate.seed_lock", {side, side});
  ui.map.note("generate.seed_lock", ParamValue(locked));
  ui.tooltips.show(locked ? "Locked: Generate makes the same sprites again"
                          : "Open: each Generate takes a new seed. Click to keep this one");
  const ImVec2 min = ImGui::GetItemRectMin();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 ink = packed(locked ? colour::chosen() : colour::quiet());
  const float u = side / 12;
  list->AddRectFilled({min.x + 3 * u, min.y + 5.6f * u}, {min.x + 9 * u, min.y + 9.8f * u}, ink, u * 0.6f);
  const ImVec2 centre{min.x + (locked ? 6 : 7.6f) * u, min.y + 5.2f * u};
  list->PathArcTo(centre, 1.9f * u, 3.14159f, 6.28319f);
  list->PathLineTo({centre.x + 1.9f * u, min.y + (locked ? 6 : 5.4f) * u});
  list->PathStroke(ink, 0, u * 0.9f);
  return pressed;
}

void draw_seed(Studio& studio, const ParamSpec& spec) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  field_label(ui, spec.label, spec.help);
  const float side = ImGui::GetFrameHeight(), gap = ui.px(5);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - 2 * (side + gap));
  if (seed_field(ui, "generate.seed", spec, settings.shared_params[spec.id])) settings.seed_locked = true;
  ImGui::SameLine(0, gap);
  if (lock_button(ui, settings.seed_locked, side)) settings.seed_locked = !settings.seed_locked;
  ImGui::SameLine(0, gap);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, ImGui::GetStyle().FramePadding.y));
  if (action_button(ui, "generate.seed_dice", "\u2684", {side, side}, {}, "A new seed"))
    settings.shared_params[spec.id] = random_seed();
  ImGui::PopStyleVar();
}

void draw_shared(Studio& studio, bool basic) {
  ParamMap& values = studio.settings.generate.shared_params;
  const ModelInfo* model = studio.mirror.model() ? &*studio.mirror.model() : nullptr;
  for (const ParamSpec& spec : sampling_for(studio.mirror.catalog(), model)) {
    if (spec.basic != basic) continue;
    if (spec.id == "seed") {
      draw_seed(studio, spec);
      continue;
    }
    if (spec.id == "palette") {
      draw_palette_row(studio, spec);
      continue;
    }
    ParamMap shown = {{spec.id, brought_into_range(spec, values[spec.id])}};  // what was set for another model is not forgotten
    if (param_row(studio.ui, "generate.", spec, shown)) values[spec.id] = shown[spec.id];
    if (spec.id == "rescale") draw_guidance_picture(studio.ui, values);
  }
}

void draw_begin(Studio& studio) {
  bool& begins = studio.settings.begin_with_batch;
  field_label(studio.ui, "Begin with", "What a start of the program shows");
  ImGui::Checkbox("the last sprites##generate.begin_with_batch", &begins);
  studio.ui.map.note("generate.begin_with_batch", ParamValue(begins));
  studio.ui.tooltips.show("A start shows the last batch again, and makes a first one where there is none");
}

void draw_settings(Studio& studio) {
  draw_start_image_row(studio);
  draw_shared(studio, true);
  draw_negative_row(studio);
  if (!studio.mirror.model() || !studio.mirror.model()->distilled) draw_sampler(studio);
  if (fold(studio.ui, "generate.more", "More", studio.view.more_open)) {
    draw_shared(studio, false);
    draw_begin(studio);
  }
}

// While it waits for engine or model, another click takes it back.
void draw_generate_button(Studio& studio, ImVec2 size) {
  Ui& ui = studio.ui;
  const std::string why_not = why_not_generate(studio.mirror), waits_for = generate_waits_for(studio.mirror);
  if (studio.view.generate_waits) {
    if (action_button(ui, "generate.wait", "Waiting… Click to cancel", size, {}, waits_for)) studio.view.generate_waits = false;
    small_text(ui, waits_for + ", then sprites are made", colour::text());
    return;
  }
  const std::string keys = key_of(studio, "generate"), key = keys.substr(0, keys.find(' '));
  if (main_button(ui, "generate.run", "Generate", size, why_not, keys)) start_generating(studio);
  const float line = ImGui::GetCursorPosY();
  small_text(ui,
             !why_not.empty()     ? why_not
             : !waits_for.empty() ? waits_for
             : key.empty()        ? "Esc stops"
                                  : key + " generates, Esc stops",
             colour::quiet());
  const float width = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x + ImGui::CalcTextSize("Live").x;
  ImGui::SetCursorPos({ImGui::GetWindowContentRegionMax().x - width, line});
  ImGui::Checkbox("Live##generate.live", &studio.settings.generate.live);
  ui.map.note("generate.live", ParamValue(studio.settings.generate.live));
  ui.tooltips.show(
      "Sprites follow the settings: few steps while a slider is held, by the model's “-live” one if that is there, and all of them "
      "when it is let go of");
}

// Asks for another batch while one is being made.
void draw_add_to_queue(Studio& studio, ImVec2 size) {
  Ui& ui = studio.ui;
  if (studio.view.generate_waits) {
    if (action_button(ui, "generate.wait", "Waiting…", size, {}, generate_waits_for(studio.mirror) + "; click to cancel"))
      studio.view.generate_waits = false;
    return;
  }
  const bool roomy = ImGui::CalcTextSize("Add to queue").x + ui.px(12) < size.x;
  if (action_button(ui, "generate.queue", roomy ? "Add to queue" : "Queue", size, why_not_generate(studio.mirror),
                    "Another batch with the settings as they are now, after this one" + key_hint(studio, "generate")))
    start_generating(studio);
}

void draw_run(Studio& studio) {
  Ui& ui = studio.ui;
  Mirror& mirror = studio.mirror;
  const ImVec2 big{-FLT_MIN, ui.px(44)};
  if (!mirror.busy() || mirror.greeting() || following(studio)) {
    draw_generate_button(studio, big);
    return;
  }
  const JobStatus& job = *mirror.sampling();
  if (job.paused()) {
    if (action_button(ui, "generate.resume", "Go on", big, {}, "Go on from this step")) mirror.resume();
  } else if (action_button(ui, "generate.stop", "Stop", big, {},
                           "Stop here, then keep the sprites, discard them, or go on (Esc)")) {
    mirror.pause();
  }
  const float gap = ImGui::GetStyle().ItemSpacing.x, width = ImGui::GetContentRegionAvail().x;
  const float third = std::floor((width - 2 * gap) * 0.29f), height = ui.px(32);
  if (action_button(ui, "generate.keep", "Keep", {third, height}, {}, "Stop and keep the sprites as they are now")) {
    mirror.stop(CancelMode::kKeep);
  }
  ImGui::SameLine();
  if (action_button(ui, "generate.discard", "Discard", {third, height}, {}, "Stop and go back to the sprites from before")) {
    mirror.stop(CancelMode::kDiscard);
  }
  ImGui::SameLine();
  draw_add_to_queue(studio, {width - 2 * (third + gap), height});
}

}  // namespace

void draw_generate_panel(Studio& studio, Area rect) {
  if (studio.view.settings_height == 0) studio.view.settings_height = 8 * ImGui::GetFrameHeightWithSpacing();
  begin_panel("settings", rect);
  draw_model_picker(studio);
  draw_origin(studio);
  const float spacing = ImGui::GetStyle().ItemSpacing.y;
  draw_class_picker(studio, ImGui::GetContentRegionAvail().y - studio.view.settings_height - spacing);
  ImGui::BeginGroup();
  draw_settings(studio);
  ImGui::EndGroup();
  studio.view.settings_height = ImGui::GetItemRectSize().y;
  end_panel();
  draw_model_dialog(studio);
}

void draw_run_panel(Studio& studio, Area rect) {
  begin_panel("run", rect);
  draw_run(studio);
  end_panel();
}

}  // namespace kiln
