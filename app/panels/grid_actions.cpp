#include "app/panels/grid_actions.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/large_view_panel.h"
#include "app/state/command_line.h"
#include "app/state/input_images.h"
#include "app/widgets/keys.h"

namespace kiln {
namespace {

// Of the batch that greets.
constexpr std::int64_t kGreetingSeed = 7, kGreetingCount = 8, kGreetingSteps = 12;
constexpr const char* kGreetingClasses[] = {"potion", "weapon", "beast", "treasure", "humanoid", "food", "demon", "armour"};
constexpr double kPoll_s = 0.02;

// Why nothing can be made into the places of the batch, or "".
std::string why_not_into(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (mirror.engine() == EngineState::kFailed) return "The engine could not be started";
  if (!generate_waits_for(mirror).empty()) return generate_waits_for(mirror);
  if (!mirror.model()) return "Choose a model first";
  if (mirror.busy()) return "Sprites are being made";
  if (mirror.batch().sprites.empty()) return "There are no sprites yet";
  return {};
}

std::string why_not_this_model(const Studio& studio) {
  const GeneratedBatch& batch = studio.mirror.batch();
  const ModelInfo& model = *studio.mirror.model();
  return model.width == batch.width && model.height == batch.height ? "" : "The model makes sprites of another size";
}

// What a branch goes on from: the selected sprites, or else all.
std::vector<int> branch_places(const Studio& studio) {
  std::vector<int> places = studio.view.grid.selection.places();
  if (!places.empty()) return places;
  for (int i = 0; i < studio.mirror.batch().count(); ++i) places.push_back(i);
  return places;
}

// Whether one of them was stopped before its last step.
bool any_unfinished(const Studio& studio) {
  const GeneratedBatch& batch = studio.mirror.batch();
  const std::vector<int> places = branch_places(studio);
  return std::any_of(places.begin(), places.end(), [&](int place) {
    return batch.step_of(place) < batch.total_of(place) && studio.view.grid.timeline.level(batch, place) > 0;
  });
}

GenerateSettings with_values(GenerateSettings settings, std::int64_t count, const ParamValue& seed) {
  settings.shared_params["count"] = count;
  settings.shared_params["seed"] = seed;
  return settings;
}

Branch written(Branch branch) {
  try {
    for (const Image& image : branch.first) branch.files.push_back(keep_input_image(image));
  } catch (const Failure& failure) {
    branch.problem = failure.error();
  }
  return branch;
}

void begin_branch(Studio& studio, Branch branch) {
  if (branch.problem) return studio.mirror.notices.add(*branch.problem);
  if (!why_not_into(studio).empty() || !why_not_this_model(studio).empty()) return;
  GenerateSettings& settings = studio.settings.generate;
  if (!settings.seed_locked) settings.shared_params["seed"] = random_seed();
  const std::uint64_t seed = get_seed(settings.shared_params, "seed");
  const auto count = static_cast<std::int64_t>(branch.first.size());
  SampleRequest all =
      make_request(with_values(settings, count, whole_number(seed)), studio.mirror.catalog(), *studio.mirror.model());
  all.settings.mask = {};
  const std::vector<Condition> chosen = std::exchange(all.conditions, {});
  std::vector<PlacedRequest> each;
  for (std::size_t i = 0; i < branch.first.size(); ++i) {
    all.conditions.push_back(chosen.empty() ? branch.conditions[i] : chosen[i % chosen.size()]);
    SampleRequest one = all;
    one.conditions = {all.conditions.back()};
    one.settings.shared_params["count"] = std::int64_t{1};
    one.settings.shared_params["seed"] = whole_number(seed + i);
    one.settings.init_image = branch.files[i];
    one.settings.init_params = {{"strength", std::clamp(branch.levels[i], 0.001, 1.0)}};
    each.push_back({std::move(one), {static_cast<int>(i)}});
  }
  studio.mirror.branch(all, std::move(each), branch.first);
  show_new_batch(studio.view);
}

SampleRequest greeting(const Catalog& catalog, const ModelInfo& model) {
  GenerateSettings settings = with_values({}, kGreetingCount, kGreetingSeed);
  follow_model(settings, model);
  settings.shared_params["steps"] = kGreetingSteps;
  for (const char* name : kGreetingClasses) {
    if (std::find(model.classes.begin(), model.classes.end(), name) != model.classes.end()) settings.classes.emplace_back(name);
  }
  return make_request(settings, catalog, model);
}

}  // namespace

std::string why_not_regenerate(const Studio& studio) {
  std::string why_not = why_not_into(studio);
  if (why_not.empty()) why_not = why_not_this_model(studio);
  if (why_not.empty() && studio.view.grid.selection.selected().empty()) why_not = "Select sprites first";
  return why_not;
}

std::string why_not_delete(const Studio& studio) {
  if (studio.mirror.busy()) return "Sprites are being made";
  if (studio.mirror.batch().sprites.empty()) return "There are no sprites yet";
  return studio.view.grid.selection.selected().empty() ? "Select sprites first" : "";
}

std::string why_not_branch(const Studio& studio) {
  std::string why_not = why_not_into(studio);
  if (why_not.empty()) why_not = why_not_this_model(studio);
  if (why_not.empty() && studio.view.grid.timeline.at_end() && !any_unfinished(studio))
    why_not = "Go back to an earlier step first";
  if (why_not.empty() && studio.view.grid.branch.valid()) why_not = "It begins in a moment";
  return why_not;
}

void regenerate_selected(Studio& studio) {
  const std::vector<int> places = studio.view.grid.selection.places();
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto count = static_cast<std::int64_t>(places.size());
  SampleRequest request =
      make_request(with_values(studio.settings.generate, count, random_seed()), studio.mirror.catalog(), *studio.mirror.model());
  request.conditions.clear();
  for (const int place : places) request.conditions.push_back(batch.condition(place));
  studio.mirror.regenerate(request, places);
}

void delete_selected(Studio& studio) {
  studio.mirror.remove(studio.view.grid.selection.places());
  studio.view.grid.selection.clear();
  studio.view.grid.selection.fit(studio.mirror.batch().count());
}

std::string command_of(const Studio& studio, int index) {
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto i = static_cast<std::size_t>(index);
  if (i >= batch.sprites.size() || i >= batch.origins.size()) return "# the sprite is still being made";
  const SpriteRecipe& recipe = batch.sprites[i].recipe;
  const std::string seed = std::to_string(batch.seed(index));
  if (const std::string why_not = why_no_command(recipe, batch.origins[i].total); !why_not.empty())
    return "# sprite of seed " + seed + ": " + why_not;
  return command_line(recipe, batch.origins[i].model_path, studio.mirror.catalog(), "sprite-" + seed + ".png");
}

void copy_commands(const Studio& studio) {
  const GridView& view = studio.view.grid;
  if (studio.mirror.batch().count() == 0) return;
  std::vector<int> places = view.selection.places();
  if (places.empty()) places = {view.selection.current()};
  std::string text;
  for (const int place : places) text += (text.empty() ? "" : "\n") + command_of(studio, place);
  ImGui::SetClipboardText(text.c_str());
}

void follow_fade(Studio& studio) {
  GridView& view = studio.view.grid;
  view.timeline.show_only(view.fades_selected ? view.selection.selected() : std::set<int>());
}

void start_branch(Studio& studio) {
  GridView& view = studio.view.grid;
  const GeneratedBatch& batch = studio.mirror.batch();
  Branch branch;
  for (const int place : branch_places(studio)) {
    branch.first.push_back(view.timeline.image(batch, place));
    branch.levels.push_back(view.timeline.level(batch, place));
    branch.conditions.push_back(batch.condition(place));
  }
  view.branch = std::async(std::launch::async, written, std::move(branch));
}

void follow_branch(Studio& studio) {
  GridView& view = studio.view.grid;
  if (!view.branch.valid()) return;
  if (view.branch.wait_for(std::chrono::seconds(0)) == std::future_status::ready) return begin_branch(studio, view.branch.get());
  const double due = studio.view.now_s + kPoll_s;
  studio.view.wake_s = studio.view.wake_s < 0 ? due : std::min(studio.view.wake_s, due);
}

void follow_greeting(Studio& studio) {
  GridView& view = studio.view.grid;
  if (!view.greets) return;
  const Mirror& mirror = studio.mirror;
  if (mirror.busy() || mirror.batch().job || studio.view.generate_waits) view.greets = false;
  if (!view.greets || mirror.engine() != EngineState::kReady || !mirror.model() || !mirror.opening().empty()) return;
  studio.mirror.greet(greeting(mirror.catalog(), *mirror.model()));
  view.greets = false;
  view.hints = true;
}

void take_grid_escape(Studio& studio) {
  if (key_typed(ImGuiKey_Escape) && !studio.mirror.busy()) studio.view.grid.selection.clear();
}

}  // namespace kiln
