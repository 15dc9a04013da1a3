#include "app/state/mirror.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace kiln {
namespace {

// One request for a whole batch.
PlacedRequest in_all_places(const SampleRequest& request) {
  PlacedRequest all{request, {}};
  for (int i = 0; i < static_cast<int>(get_int(request.settings.shared_params, "count")); ++i) all.places.push_back(i);
  return all;
}

}  // namespace

void Mirror::apply(Event&& event) {
  std::visit([this](auto& e) { on(std::move(e)); }, event);
  dataset.apply(event);
  training.apply(event);
  import.apply(event);
  exporting.apply(event);
  lab.apply(event);
  redraw.apply(event);
  evaluation.apply(event);
}

void Mirror::apply(const Progress& progress) {
  dataset.apply(progress);
  training.apply(progress);
  evaluation.apply(progress);
  if (!running(progress.job)) return;
  sampling_->take(progress);
  if (run_.count() < 2) return;
  const std::int64_t each = progress.total, after = run_.count() - run_.before() - 1;
  sampling_->step += run_.before() * each;
  sampling_->total = run_.count() * each;
  if (progress.steps_per_s > 0) sampling_->left_s += static_cast<double>(after * each) / progress.steps_per_s;
}

void Mirror::apply(Frame frame) {
  JobStatus* job = running(frame.job);
  if (!job || run_.got_sprites()) return;  // they are finished: this is older
  const int step = run_.before() * frame.total + frame.step;
  if (!run_.show(std::move(frame), forming())) return;
  ++job->previews;
  job->step = std::max<std::int64_t>(job->step, step);
  if (!holding_) changed();
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

void Mirror::on(const PreviewRecorded& event) {
  if (running(event.job)) run_.record(event.frame);
}

void Mirror::on(SpritesReady&& event) {
  if (!running(event.job) || event.sprites.empty()) return;
  if (run_.take(std::move(event.sprites), forming()) && !holding_) changed();
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
  const bool shown_elsewhere = dataset.is_sheet(event.job) || training.is_plan(event.job) || exporting.is_preview(event.job) ||
                               lab.is_study(event.job) || evaluation.is_evaluation(event.job);
  if (event.outcome == Outcome::kFailed && !shown_elsewhere) notices.add(event.error);
  if (event.job == opening_) {
    if (event.outcome == Outcome::kFailed) opening_problem_ = event.error;
    opening_ = {};
    opening_path_.clear();
  }
  if (running(event.job)) end_sampling(event);
}

void Mirror::end_sampling(const JobEnded& event) {
  if (event.outcome == Outcome::kDone && run_.got_sprites()) run_.completed(forming());
  if (event.outcome == Outcome::kDone && run_.got_sprites() && run_.has_next()) {
    run_.next();
    send_current();
    return;
  }
  const bool made = run_.made_any();
  sampling_->on(event);
  if (made) {
    run_.finish(forming());
    sampling_->state = JobState::kDone;
  } else if (sampling_->state == JobState::kDone) {
    sampling_->state = JobState::kCancelled;
  }
  Arrived arrived{std::exchange(forming(), {}), makes_new_ ? std::vector<int>() : run_.places(), from_queue_ || derived_};
  if (!holding_) batch_ = std::exchange(before_, {});
  if (made && holding_)
    arrived_.push_back(std::move(arrived));
  else if (made)
    take_in(std::move(arrived));
  if (made && from_queue_ && queue.empty())
    notices.add(NoticeKind::kDone, "the batches that waited are made", "Ctrl+Z goes back through them, Ctrl+Y forward again");
  changed();
  run_.end();
  greeting_ = from_queue_ = derived_ = false;
  begin_queued();
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

bool Mirror::generate(const SampleRequest& request) {
  if (greeting()) {
    stop(CancelMode::kDiscard);
    sampling_.reset();
    run_.end();
    if (holding_)
      forming_ = {};
    else
      batch_ = std::exchange(before_, {});
  }
  if (!is_ready()) return false;
  notices.clear_all_but_errors();
  return begin_or_queue(new_batch(request, model_->width, model_->height), {in_all_places(request)});
}

bool Mirror::derive(const SampleRequest& request) {
  const bool began = generate(request);
  derived_ = derived_ || began;
  return began;
}

bool Mirror::begin_or_queue(GeneratedBatch batch, std::vector<PlacedRequest> requests) {
  if (busy()) {
    queue.add(std::move(batch), std::move(requests));
    return false;
  }
  begin(std::move(batch), std::move(requests));
  return true;
}

void Mirror::begin_queued() {
  if (queue.empty()) return;
  QueuedBatch next = queue.take();
  begin(std::move(next.batch), std::move(next.requests));
  from_queue_ = true;
}

void Mirror::follow(const SampleRequest& request, bool whole) {
  if (!can_sample()) return;
  GeneratedBatch batch = new_batch(request, model_->width, model_->height);
  batch.passing = !whole;
  const auto count = get_int(request.settings.shared_params, "count");
  if (batch_.count() == count && batch_.width == batch.width && batch_.height == batch.height) batch.rgba = batch_.rgba;
  begin(std::move(batch), {in_all_places(request)});
}

GeneratedBatch Mirror::new_batch(const SampleRequest& request, int width, int height) const {
  GeneratedBatch batch;
  batch.request = request;
  batch.model = model_->name;
  batch.classes = model_->classes;
  batch.frames = model_->frames;
  batch.width = width;
  batch.height = height;
  return batch;
}

void Mirror::greet(const SampleRequest& request) {
  if (!can_sample() || batch_.job) return;
  begin(new_batch(request, model_->width, model_->height), {in_all_places(request)});  // and what the start had to say stays
  greeting_ = true;
}

void Mirror::restore(GeneratedBatch batch) {
  if (pending() || batch_.job) return;
  batch_ = std::move(batch);
  batch_.job = outgoing_.next_job();
  changed();
}

void Mirror::regenerate(const SampleRequest& request, const std::vector<int>& places) {
  if (!can_sample() || places.empty() || batch_.sprites.empty()) return;
  notices.clear_all_but_errors();
  GeneratedBatch batch = batch_;
  batch.passing = false;
  begin(std::move(batch), {{request, places}});
}

bool Mirror::branch(const SampleRequest& request, std::vector<PlacedRequest> each, const std::vector<Image>& first) {
  if (!is_ready() || each.empty() || first.size() != each.size()) return false;
  notices.clear_all_but_errors();
  GeneratedBatch batch = new_batch(request, first.front().width, first.front().height);
  for (const Image& image : first) batch.rgba.insert(batch.rgba.end(), image.rgba.begin(), image.rgba.end());
  const bool began = begin_or_queue(std::move(batch), std::move(each));
  derived_ = derived_ || began;
  return began;
}

// A batch without a job is a new one.
void Mirror::begin(GeneratedBatch batch, std::vector<PlacedRequest> requests) {
  greeting_ = from_queue_ = derived_ = false;
  run_.begin(std::move(requests));
  makes_new_ = !batch.job;
  if (!holding_) before_ = std::exchange(batch_, {});
  forming() = std::move(batch);
  sampling_ = JobStatus{};
  const std::int64_t steps = get_int(run_.current().request.settings.shared_params, "steps");
  sampling_->total = steps * run_.count();
  send_current();
  if (makes_new_) forming().job = sampling_->id;
  forming().total = static_cast<int>(steps);
  if (!holding_) changed();
}

void Mirror::send_current() {
  SampleRequest request = run_.current().request;
  const auto every = request.settings.shared_params.find("preview_every");
  request.record_previews = every != request.settings.shared_params.end() && every->second != ParamValue(std::int64_t{0});
  sampling_->id = outgoing_.next_job();
  outgoing_.send(StartSampling{sampling_->id, std::move(request)});
}

void Mirror::pause() {
  if (sampling_ && !greeting()) sampling_->ask_to_pause(outgoing_);
}

void Mirror::resume() {
  if (sampling_) sampling_->ask_to_resume(outgoing_);
}

void Mirror::stop(CancelMode mode) {
  if (busy()) outgoing_.send(CancelJob{sampling_->id, mode});
}

}  // namespace kiln
