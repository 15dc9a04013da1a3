#include "app/panels/live.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/actions.h"
#include "app/panels/steer_actions.h"

namespace kiln {
namespace {

constexpr double kMoment_s = 0.15;
constexpr std::int64_t kFewestSteps = 3;
constexpr std::int64_t kUnmeasuredSteps = 4;

// What the look of the sprites depends on.
GenerateSettings relevant(GenerateSettings settings) {
  settings.live = settings.seed_locked = false;
  settings.variation = 0;
  settings.repair_params.clear();
  settings.recipe_model.clear();
  settings.shared_params["preview_every"] = std::int64_t{0};
  return settings;
}

void measure(Studio& studio) {
  const JobStatus* job = studio.mirror.sampling();
  if (!job || job->steps_per_s <= 0) return;
  studio.view.steer.live.steps_per_s = job->steps_per_s;
  studio.view.steer.live.count = studio.mirror.batch().count();
}

std::int64_t steps_of_a_moment(const Live& live, std::int64_t count, std::int64_t all) {
  std::int64_t steps = kUnmeasuredSteps;
  if (live.steps_per_s > 0 && live.count > 0) {
    const double rate = live.steps_per_s * static_cast<double>(live.count) / static_cast<double>(std::max<std::int64_t>(count, 1));
    steps = std::max(kFewestSteps, static_cast<std::int64_t>(std::lround(rate * kMoment_s)));
  }
  return std::min(steps, all);
}

void run(Studio& studio, const GenerateSettings& settings, bool whole) {
  Live& live = studio.view.steer.live;
  SampleRequest request = make_request(studio.settings.generate, studio.mirror.catalog(), *studio.mirror.model());
  live.made = settings;
  live.whole = whole;
  if (whole && studio.view.steer.start && studio.settings.generate.several_strengths) {
    make_batch(studio, request);
    return;
  }
  add_start_image(studio, request);
  ParamMap& values = request.settings.shared_params;
  if (!whole) {
    values["preview_every"] = std::int64_t{0};
    if (const ModelInfo& model = *studio.mirror.model(); !model.live.empty())
      draw_with_live_model(request, model);
    else
      values["steps"] = steps_of_a_moment(live, get_int(values, "count"), get_int(values, "steps"));
  }
  studio.mirror.follow(request, whole);
}

}  // namespace

bool following(const Studio& studio) {
  const JobStatus* job = studio.mirror.sampling();
  return studio.settings.generate.live && !studio.view.steer.live.whole && studio.mirror.busy() && !job->paused();
}

void note_whole_run(Studio& studio) {
  studio.view.steer.live.made = relevant(studio.settings.generate);
  studio.view.steer.live.whole = true;
}

void follow_live(Studio& studio) {
  measure(studio);
  Live& live = studio.view.steer.live;
  const Mirror& mirror = studio.mirror;
  if (!studio.settings.generate.live) {
    live.made.reset();
    live.whole = true;
    return;
  }
  if (studio.view.tab != Tab::kGenerate || studio.view.edit.open || !mirror.model() || !generate_waits_for(mirror).empty()) return;
  if (mirror.works_off_queue()) return;
  const GenerateSettings now = relevant(studio.settings.generate);
  if (!live.made) live.made = now;
  const bool held = ImGui::IsAnyItemActive(), changed = now != *live.made;
  if (!changed && (held || live.whole)) return;
  if (!mirror.busy()) {
    run(studio, now, !held);
  } else if (live.whole && mirror.sampling()->id != live.stopped && !mirror.sampling()->paused()) {
    live.stopped = mirror.sampling()->id;
    studio.mirror.stop(CancelMode::kDiscard);
  }
}

}  // namespace kiln
