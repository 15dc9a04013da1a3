#include "app/panels/lab_actions.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "app/state/newest.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

LabImage read_lab_image(const std::string& path) {
  try {
    return {.image = read_image(path), .name = fs::path(path).filename().string()};
  } catch (const Failure& failure) {
    return {.problem = failure.error()};
  }
}

void take_file(Studio& studio) {
  LabView& view = studio.view.lab;
  if (!view.coming.valid()) return;
  if (view.coming.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    constexpr double kLook_s = 0.02;
    studio.view.wake_s = studio.view.now_s + kLook_s;
    return;
  }
  LabImage read = view.coming.get();
  if (read.problem) {
    studio.mirror.notices.add(*read.problem);
    return;
  }
  view.follows = false;
  view.sprite = std::move(read.image);
  view.name = std::move(read.name);
  view.made_with.clear();
}

void take_chosen(Studio& studio) {
  LabView& view = studio.view.lab;
  const GeneratedBatch& batch = studio.mirror.batch();
  const int index = studio.view.chosen;
  if (!view.follows || !studio.mirror.is_finished(index)) return;
  if (batch.version == view.followed_version && index == view.followed_index) return;
  view.followed_version = batch.version;
  view.followed_index = index;
  view.sprite = batch.image(index);
  view.name = "seed " + std::to_string(batch.seed(index));
  view.made_with = batch.condition(index);
}

LabRequest request_of(const Studio& studio) {
  const LabSettings& settings = studio.settings.lab;
  const SampleRequest sampling = make_request(studio.settings.generate, studio.mirror.catalog(), *studio.mirror.model());
  LabRequest request;
  request.model_path = sampling.model_path;
  request.sprite = studio.view.lab.sprite;
  request.sprite_name = studio.view.lab.name;
  request.level = settings.level;
  request.condition = lab_condition(studio);
  request.settings = sampling.settings;
  const auto specs = lab_params_for(studio.mirror.catalog(), &*studio.mirror.model());
  for (const auto& [id, value] : fitting(specs, settings.values)) request.settings.shared_params[id] = value;
  return request;
}

}  // namespace

void follow_lab(Studio& studio) {
  LabView& view = studio.view.lab;
  take_file(studio);
  take_chosen(studio);
  if (view.sprite.empty() || !studio.mirror.model() || studio.mirror.engine() != EngineState::kReady) return;
  LabRequest request = request_of(studio);
  if (view.asked && *view.asked == request) return;
  view.asked = request;
  studio.mirror.lab.study(std::move(request));
}

void look_at_chosen(Studio& studio) {
  LabView& view = studio.view.lab;
  view.follows = true;
  view.condition.reset();
  view.followed_index = -1;
}

void look_at_file(Studio& studio, const std::string& path) {
  begin_newest(studio.view.lab.coming, [path] { return read_lab_image(path); });
}

Condition lab_condition(const Studio& studio) {
  const LabView& view = studio.view.lab;
  const auto& model = studio.mirror.model();
  Condition condition;
  for (const ClassWeight& part : view.condition.value_or(view.made_with)) {
    if (model && std::find(model->classes.begin(), model->classes.end(), part.name) != model->classes.end())
      condition.push_back(part);
  }
  return condition;
}

void save_lab_picture(Studio& studio) {
  if (!studio.view.lab.asked) return;
  const fs::path folder = fs::path(default_export_path()).parent_path();
  fs::path file = folder / "lab.png";
  std::error_code ignored;
  for (int i = 2; fs::exists(file, ignored); ++i) file = folder / ("lab-" + std::to_string(i) + ".png");
  LabRequest request = *studio.view.lab.asked;
  request.picture = file.string();
  request.times = !studio.mirror.lab.times().empty();
  studio.mirror.lab.save(std::move(request));
}

void measure_step(Studio& studio) {
  if (studio.view.lab.asked) studio.mirror.lab.measure(*studio.view.lab.asked);
}

}  // namespace kiln
