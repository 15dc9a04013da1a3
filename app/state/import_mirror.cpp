#include "app/state/import_mirror.h"

#include <utility>

#include "engine/base/text.h"

namespace kiln {

void ImportMirror::apply(const Event& event) {
  const auto* ended = std::get_if<JobEnded>(&event);
  if (ended == nullptr || !job_ || ended->job != *job_) return;
  job_.reset();
  if (ended->outcome == Outcome::kDone) made_ = out_;
  if (ended->outcome == Outcome::kFailed) problem_ = ended->error;
}

void ImportMirror::start(const std::string& checkpoint, const std::string& out, std::vector<std::string> classes, ParamMap values) {
  if (running()) return;
  problem_.reset();
  job_ = outgoing_.next_job();
  out_ = out;
  outgoing_.send(ImportCheckpoint{*job_, checkpoint, out, "", std::move(classes), std::move(values)});
}

std::string ImportMirror::take_made() { return std::exchange(made_, {}); }

std::vector<std::string> listed_names(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& part : split(text, ',')) {
    if (const auto name = trimmed(part); !name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace kiln
