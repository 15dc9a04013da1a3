#include "app/state/dataset_mirror.h"

#include <utility>
#include <variant>

namespace kiln {

void DatasetMirror::apply(Event& event) {
  std::visit([this](auto& e) { on(std::move(e)); }, event);
}

void DatasetMirror::engine_failed() {
  work_ = Work::kNone;
  job_.state = JobState::kFailed;
  preview_job_ = sheet_job_ = {};
}

JobId DatasetMirror::begin(Work work) {
  cancel();
  const JobId id = outgoing_.next_job();
  job_ = JobStatus{.id = id, .kind = JobKind::kDataset};
  work_ = work;
  doing_.clear();
  written_.clear();
  return id;
}

void DatasetMirror::check(Work work, const SpriteSource& source, const Preprocessing& preprocessing) {
  const JobId id = begin(work);
  asked_source_ = source;
  asked_preprocessing_ = preprocessing;
  outgoing_.send(CheckDataset{id, source, preprocessing});
}

void DatasetMirror::open(const SpriteSource& source) {
  notices_.clear_all_but_errors();
  check(Work::kOpen, source, {});
}

void DatasetMirror::set_preprocessing(const Preprocessing& preprocessing) {
  if (report_) check(Work::kCheck, source_, preprocessing);
}

void DatasetMirror::draw_starter(const std::string& out, int size, int count, std::uint64_t seed, bool animated) {
  notices_.clear_all_but_errors();
  const JobId id = begin(Work::kStarter);
  outgoing_.send(DrawStarterSet{id, out, size, count, seed, animated});
}

void DatasetMirror::fetch_dungeon(const std::string& out) {
  notices_.clear_all_but_errors();
  const JobId id = begin(Work::kDungeon);
  outgoing_.send(FetchDungeonSet{id, out});
}

void DatasetMirror::save_as(const std::string& out) {
  if (!report_ || busy()) return;
  notices_.clear_all_but_errors();
  const JobId id = begin(Work::kSave);
  outgoing_.send(ConvertDataset{id, source_, preprocessing_, out});
}

void DatasetMirror::cancel() {
  if (!busy()) return;
  outgoing_.send(CancelJob{job_.id, CancelMode::kDiscard});
  work_ = Work::kNone;
  job_.state = JobState::kCancelled;
}

void DatasetMirror::preview(const ParamMap& recipe, const std::string& class_name, std::uint64_t seed) {
  Preview wanted{version_, recipe, class_name, seed};
  if (!report_ || wanted == asked_preview_) return;
  asked_preview_ = std::move(wanted);
  if (preview_job_) outgoing_.send(CancelJob{preview_job_, CancelMode::kDiscard});
  preview_job_ = outgoing_.next_job();
  outgoing_.send(PreviewDataset{.job = preview_job_,
                                .source = source_,
                                .preprocessing = preprocessing_,
                                .recipe = recipe,
                                .class_name = class_name,
                                .count = 64,
                                .seed = seed});
}

void DatasetMirror::show_sheet(const SpriteSource& source) {
  if (sheet_job_) outgoing_.send(CancelJob{sheet_job_, CancelMode::kDiscard});
  sheet_job_ = outgoing_.next_job();
  sheet_error_.reset();
  outgoing_.send(ShowSheet{sheet_job_, source});
}

std::string DatasetMirror::why_not_ready() const {
  if (!report_) return "Open a set of sprites first";
  if (busy()) return "The set is being read";
  if (report_->sprites < 2) return "There are too few sprites to train on";
  if (report_->sizes.size() > 1) return "The sprites have several sizes: choose a fix on the right";
  return {};
}

void DatasetMirror::on(DatasetChecked&& event) {
  if (!is_work(event.job)) return;
  const bool is_new = work_ == Work::kOpen;
  source_ = asked_source_;
  preprocessing_ = asked_preprocessing_;
  report_ = std::move(event.report);
  sprites_ = std::move(event.sprites);
  issues_ = follow(is_new ? std::vector<Issue>() : issues_, report_->findings, preprocessing_);
  if (is_new) original_classes_ = report_->classes;
  ++version_;
  previewed_.clear();
  ++previewed_version_;
}

void DatasetMirror::on(DatasetPreviewed&& event) {
  if (event.job != preview_job_) return;
  previewed_ = std::move(event.sprites);
  ++previewed_version_;
}

void DatasetMirror::on(const DatasetWritten& event) {
  if (!is_work(event.job)) return;
  if (work_ == Work::kSave)
    notices_.add(NoticeKind::kDone, "saved " + event.path);
  else
    written_ = event.path;
  for (const auto& note : event.notes) notices_.add(NoticeKind::kInfo, note);
}

void DatasetMirror::on(SheetShown&& event) {
  if (event.job != sheet_job_) return;
  sheet_ = std::move(event);
  ++sheet_version_;
}

void DatasetMirror::on(Note&& event) {
  if (is_work(event.job)) doing_ = std::move(event.message);
}

void DatasetMirror::on(const JobEnded& event) {
  if (event.job == preview_job_) preview_job_ = {};
  if (event.job == sheet_job_) {
    sheet_job_ = {};
    if (event.outcome == Outcome::kFailed) {
      sheet_error_ = event.error;
      sheet_.reset();
      ++sheet_version_;
    }
  }
  if (!is_work(event.job)) return;
  work_ = Work::kNone;
  job_.on(event);
  if (event.outcome == Outcome::kDone && !written_.empty()) {
    SpriteSource made;
    made.path = std::exchange(written_, {});
    open(made);
  }
}

}  // namespace kiln
