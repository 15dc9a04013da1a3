#include "app/state/mirror.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace kiln {

void Mirror::apply(Event&& event) {
  std::visit([this](auto& e) { on(std::move(e)); }, event);
  dataset.apply(event);
  training.apply(event);
  import.apply(event);
  exporting.apply(event);
}

void Mirror::apply(const Progress& progress) {
  dataset.apply(progress);
  training.apply(progress);
  if (sampling_) sampling_->take(progress);
}

void Mirror::apply(Frame frame) {
  JobStatus* job = running(frame.job);
  if (!job || frame.job != batch_.job || frame.count != batch_.count()) return;
  if (!batch_.sprites.empty()) return;  // they are finished: this is older
  const std::size_t size = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 4;
  if (frame.rgba.size() != size * static_cast<std::size_t>(frame.count)) return;
  ++job->previews;
  job->step = std::max<std::int64_t>(job->step, frame.step);
  batch_.step = frame.step;
  batch_.total = frame.total;
  batch_.width = frame.width;
  batch_.height = frame.height;
  batch_.rgba = std::move(frame.rgba);
  batch_.version = ++last_version_;
}

void Mirror::engine_failed(const Error& error) {
  engine_ = EngineState::kFailed;
  opening_ = {};
  opening_path_.clear();
  dataset.engine_failed();
  notices.add(error);
}

JobStatus* Mirror::running(JobId id) { return sampling_ && sampling_->id == id && sampling_->active() ? &*sampling_ : nullptr; }

void Mirror::on(const EngineReady& event) {
  engine_ = EngineState::kReady;
  catalog_ = event.catalog;
}

void Mirror::on(ModelOpened&& event) {
  if (event.job != opening_) return;
  model_ = std::move(event.info);
  if (model_->foreign)
    return notices.add(NoticeKind::kInfo, "“" + model_->name + "” is from another project",
                       "“What was assumed…” below its name shows more");
  for (const std::string& note : model_->notes) notices.add(NoticeKind::kInfo, note);
  if (event.job == using_) {
    notices.add(NoticeKind::kDone,
                "the model as it was at step " + std::to_string(model_->trained_steps) + " is open in the Generate tab",
                "its run is not touched by that");
  }
}

void Mirror::on(SpritesReady&& event) {
  JobStatus* job = running(event.job);
  if (!job || event.job != batch_.job || event.sprites.empty()) return;
  const Image& first = event.sprites.front().image;
  batch_.width = first.width;
  batch_.height = first.height;
  batch_.rgba.clear();
  for (const Sprite& sprite : event.sprites) {
    batch_.rgba.insert(batch_.rgba.end(), sprite.image.rgba.begin(), sprite.image.rgba.end());
  }
  batch_.request.settings.shared_params["count"] = static_cast<std::int64_t>(event.sprites.size());
  batch_.step = event.sprites.front().recipe.steps_done;
  batch_.sprites = std::move(event.sprites);
  batch_.version = ++last_version_;
}

void Mirror::on(const Exported& event) {
  if (!exporting.is_export(event.job)) notices.add(NoticeKind::kDone, "saved " + event.path);
}

void Mirror::on(const Note& event) {
  if (!dataset.is_work(event.job)) notices.add(NoticeKind::kInfo, event.message, event.hint);
}

void Mirror::on(const JobPaused& event) {
  if (sampling_) sampling_->on(event);
}

void Mirror::on(const JobResumed& event) {
  if (sampling_) sampling_->on(event);
}

void Mirror::on(const JobEnded& event) {
  const bool shown_elsewhere = dataset.is_sheet(event.job) || training.is_plan(event.job) || exporting.is_preview(event.job);
  if (event.outcome == Outcome::kFailed && !shown_elsewhere) notices.add(event.error);
  if (event.job == opening_) {
    if (event.outcome == Outcome::kFailed) opening_problem_ = event.error;
    opening_ = {};
    opening_path_.clear();
  }
  if (running(event.job)) end_sampling(event);
}

void Mirror::end_sampling(const JobEnded& event) {
  const bool sprites_there = !batch_.sprites.empty();
  sampling_->on(event);
  if (sampling_->state == JobState::kDone && !sprites_there) sampling_->state = JobState::kCancelled;
  if (!sprites_there) {
    batch_ = std::move(previous_);
    batch_.version = ++last_version_;
  }
  previous_ = {};
}

void Mirror::open_model(const std::string& path) {
  if (engine_ == EngineState::kFailed) return;
  opening_ = outgoing_.next_job();
  opening_path_ = path;
  opening_problem_.reset();
  outgoing_.send(OpenModel{opening_, path});
}

void Mirror::use_training_model() {
  if (!training.active()) return;
  notices.clear_all_but_errors();
  opening_ = using_ = outgoing_.next_job();
  opening_path_ = training.run()->name;
  opening_problem_.reset();
  outgoing_.send(UseTrainingModel{opening_, training.job()->id});
}

void Mirror::generate(const SampleRequest& request) {
  if (engine_ != EngineState::kReady || !model_ || busy()) return;
  notices.clear_all_but_errors();
  const JobId id = outgoing_.next_job();
  const std::int64_t steps = get_int(request.settings.shared_params, "steps");
  sampling_ = JobStatus{.id = id, .kind = JobKind::kSample, .total = steps};
  previous_ = std::move(batch_);
  batch_ = {};
  batch_.job = id;
  batch_.request = request;
  batch_.model = model_->name;
  batch_.classes = model_->classes;
  batch_.width = model_->width;
  batch_.height = model_->height;
  batch_.total = static_cast<int>(steps);
  batch_.version = ++last_version_;
  outgoing_.send(StartSampling{id, request});
}

void Mirror::pause() {
  if (sampling_) sampling_->ask_to_pause(outgoing_);
}

void Mirror::resume() {
  if (sampling_) sampling_->ask_to_resume(outgoing_);
}

void Mirror::stop(CancelMode mode) {
  if (busy()) outgoing_.send(CancelJob{sampling_->id, mode});
}

ExportSprites Mirror::to_export(const std::string& path, const ParamMap& options, int first, int count) const {
  ExportSprites what{{}, path, {}, options, {}, false};
  for (int i = first; i < first + count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (at < batch_.sprites.size()) {
      what.sprites.push_back(batch_.sprites[at]);
    } else {  // still being made
      what.sprites.push_back({batch_.image(i), {}});
      what.sprites.back().recipe.condition = batch_.condition(i);
      what.sprites.back().recipe.settings.shared_params["seed"] = batch_.seed(i);
    }
  }
  if (model_ && model_->name == batch_.model) what.palette = model_->palette.colours;
  return what;
}

void Mirror::export_sheet(const std::string& path, const ParamMap& options, bool replace) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels()) return;
  notices.clear_all_but_errors();
  ExportSprites what = to_export(path, options, 0, batch_.count());
  what.replace = replace;
  exporting.start(std::move(what));
}

void Mirror::export_png(const std::string& path, int index, const ParamMap& options, bool replace) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels() || index < 0 || index >= batch_.count()) return;
  notices.clear_all_but_errors();
  ExportSprites what = to_export(path, options, index, 1);
  what.replace = replace;
  exporting.start(std::move(what));
}

void Mirror::preview_export(const std::string& path, const ParamMap& options) {
  if (engine_ == EngineState::kReady && batch_.has_pixels()) exporting.preview(to_export(path, options, 0, batch_.count()));
}

}  // namespace kiln
