#include "app/state/export_mirror.h"

#include <filesystem>
#include <utility>
#include <variant>

namespace kiln {

void ExportMirror::apply(Event& event) {
  if (const auto* exported = std::get_if<Exported>(&event); exported && is_export(exported->job)) {
    exports_[exported->job.value].push_back(exported->path);
  } else if (auto* previewed = std::get_if<ExportPreviewed>(&event); previewed && is_preview(previewed->job)) {
    previewed_ = std::move(*previewed);
    problem_.reset();
    ++version_;
  } else if (const auto* ended = std::get_if<JobEnded>(&event)) {
    on_end(*ended);
  }
}

void ExportMirror::on_end(const JobEnded& event) {
  if (const auto found = exports_.find(event.job.value); found != exports_.end()) {
    if (event.outcome == Outcome::kDone) notices_.add(NoticeKind::kDone, "saved " + files_text(found->second));
    exports_.erase(found);
  }
  if (!is_preview(event.job)) return;
  preview_.reset();
  if (event.outcome == Outcome::kFailed) {
    previewed_.reset();
    problem_ = event.error;
    ++version_;
  }
  if (wanted_) ask(*std::exchange(wanted_, std::nullopt));
}

void ExportMirror::start(AnyExport what) {
  std::visit(
      [&](auto& command) {
        command.job = outgoing_.next_job();
        exports_[command.job.value];
        outgoing_.send(std::move(command));
      },
      what);
}

void ExportMirror::preview(AnyExport what) {
  if (preview_)
    wanted_ = std::move(what);
  else
    ask(std::move(what));
}

void ExportMirror::ask(AnyExport what) {
  preview_ = outgoing_.next_job();
  outgoing_.send(PreviewExport{*preview_, std::move(what)});
}

std::string files_text(const std::vector<std::string>& files) {
  if (files.empty()) return "nothing";
  const std::filesystem::path first(files.front());
  if (files.size() == 1) return first.string();
  const std::string folder = " in " + first.parent_path().string();
  if (files.size() > 2) return std::to_string(files.size()) + " files" + folder;
  return first.filename().string() + " and " + std::filesystem::path(files.back()).filename().string() + folder;
}

}  // namespace kiln
