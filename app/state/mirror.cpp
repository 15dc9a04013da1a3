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

void Mirror::on(const Exported& event) { notices.add(NoticeKind::kDone, "saved " + event.path); }

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
  if (event.outcome == Outcome::kFailed && !dataset.is_sheet(event.job) && !training.is_plan(event.job)) notices.add(event.error);
  if (event.job == opening_) {
    if (event.outcome == Outcome::kFailed) opening_problem_ = event.error;
    opening_ = {};
    opening_path_.clear();
  }
  std::erase(exports_, event.job);
  if (running(event.job)) end_sampling(event);
}

void Mirror::end_sampling(const JobEnded& event) {
  const bool sprites_there = !batch_.sprites.empty();
  sampling_->on(event);
  if (sampling_->state == JobState::kDone && !sprites_there) sampling_->state = JobState::kCancelled;
  if (!sprites_there) {
    batch_ = std::move(previous_);
    batch_.version = ++last_version_;
    if (left_edited_) edits_.come_back();
  } else if (left_edited_) {
    notices.add(NoticeKind::kInfo, "the sprites that you edited are kept", "Ctrl+Z brings them back");
  }
  left_edited_ = false;
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
  left_edited_ = !batch_.edited.empty();
  if (left_edited_) edits_.leave(batch_);
  edits_.forget_undone();
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

std::string Mirror::why_not_edit() const {
  if (!batch_.job) return "There are no sprites yet: generate some first";
  return busy() || batch_.sprites.empty() ? "The sprites are still being made" : "";
}

bool Mirror::edit(std::string what, std::vector<SpriteChange> changes) {
  if (!why_not_edit().empty() || !edits_.change(batch_, std::move(what), std::move(changes))) return false;
  batch_.version = ++last_version_;
  return true;
}

std::optional<int> Mirror::undo_edit() {
  if (busy()) return {};
  const auto changed = edits_.undo(batch_);
  if (changed) batch_.version = ++last_version_;
  return changed;
}

std::optional<int> Mirror::redo_edit() {
  if (busy()) return {};
  const auto changed = edits_.redo(batch_);
  if (changed) batch_.version = ++last_version_;
  return changed;
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

void Mirror::export_sheet(const std::string& path, int columns, int padding, int scale) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels()) return;
  notices.clear_all_but_errors();
  exports_.push_back(outgoing_.next_job());
  outgoing_.send(ExportSheet{exports_.back(), path, batch_.images(), columns, padding, scale});
}

void Mirror::export_png(const std::string& path, int index, int scale) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels() || index < 0 || index >= batch_.count()) return;
  notices.clear_all_but_errors();
  exports_.push_back(outgoing_.next_job());
  outgoing_.send(ExportPng{exports_.back(), path, batch_.image(index), scale});
}

}  // namespace kiln
