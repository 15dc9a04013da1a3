#include "app/state/lab_mirror.h"

#include <utility>

namespace kiln {

void LabMirror::apply(Event& event) {
  if (auto* shown = std::get_if<LabShown>(&event); shown && job_ && shown->job == *job_) {
    result_ = std::move(shown->result);
    problem_.reset();
    path_.clear();
    ++version_;
    ++path_version_;
    running_ = std::exchange(job_, std::nullopt);
    if (wanted_) ask(*std::exchange(wanted_, std::nullopt));
  } else if (auto* path = std::get_if<LabPathShown>(&event); path && running_ && path->job == *running_) {
    path_ = std::move(path->steps);
    ++path_version_;
  } else if (auto* timed = std::get_if<LabTimed>(&event); timed && measuring_ && timed->job == *measuring_) {
    times_ = std::move(timed->parts);
  } else if (const auto* ended = std::get_if<JobEnded>(&event)) {
    on_end(*ended);
  }
}

void LabMirror::on_end(const JobEnded& event) {
  if (measuring_ && event.job == *measuring_) measuring_.reset();
  if (running_ && event.job == *running_) running_.reset();
  if (!job_ || event.job != *job_) return;
  job_.reset();  // before its pictures came
  if (event.outcome == Outcome::kFailed) {
    problem_ = event.error;
    result_.reset();
    path_.clear();
    ++version_;
    ++path_version_;
  }
  if (wanted_) ask(*std::exchange(wanted_, std::nullopt));
}

void LabMirror::study(LabRequest request) {
  if (job_)
    wanted_ = std::move(request);
  else
    ask(std::move(request));
}

void LabMirror::ask(LabRequest request) {
  if (running_) outgoing_.send(CancelJob{*std::exchange(running_, std::nullopt), CancelMode::kDiscard});
  job_ = outgoing_.next_job();
  outgoing_.send(StudySprite{*job_, std::move(request)});
}

void LabMirror::save(LabRequest request) { outgoing_.send(StudySprite{outgoing_.next_job(), std::move(request)}); }

void LabMirror::measure(LabRequest request) {
  if (measuring_) return;
  measuring_ = outgoing_.next_job();
  request.times = true;
  outgoing_.send(StudySprite{*measuring_, std::move(request)});
}

}  // namespace kiln
