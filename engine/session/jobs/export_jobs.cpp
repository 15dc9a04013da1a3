#include "engine/base/file_group.h"
#include "engine/formats/apng.h"
#include "engine/formats/gif.h"
#include "engine/pixelart/scale.h"
#include "engine/pixelart/sheet_layout.h"
#include "engine/session/export_files.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"
#include "engine/session/pixels.h"

namespace kiln {
namespace {

constexpr int kLargestShown = 2048;

OneStepJob::Finish write_and_tell(JobId job, std::vector<NewFile> files, bool replace, Outbox& outbox) {
  return [&outbox, job, replace, files = std::move(files)] {
    write_files(files, replace);
    for (const NewFile& file : files) outbox.send(Exported{job, file.path.string()});
  };
}

// A sheet for each frame.
std::vector<Image> pictures_of(const ExportAnimation& command) {
  check_ending("the animation", command.path, {".gif", ".apng", ".png"});
  if (command.frames.empty()) throw Failure(ErrorCode::kInvalidArgument, "there are no frames to write", "make some first");
  std::vector<Image> pictures;
  for (const auto& frame : command.frames)
    pictures.push_back(
        pack_sheet(sprites_of(frame), {.columns = command.columns, .padding = command.padding, .scale = command.scale}).image);
  return pictures;
}

Bytes encode_animation(const ExportAnimation& command, std::vector<Image> pictures) {
  std::vector<int> delays(pictures.size(), command.frame_ms);
  if (!delays.empty()) delays.back() = command.hold_ms;
  if (lower_ending(command.path) == ".gif") return encode_gif(pictures, delays, true);
  std::vector<AnimationFrame> frames;
  for (std::size_t i = 0; i < pictures.size(); ++i) frames.push_back({std::move(pictures[i]), delays[i]});
  return encode_apng(frames, true);
}

ExportPreviewed preview(JobId job, const ExportSprites& what) {
  const ExportFiles made = make_export_files(what);
  ExportPreviewed previewed{job,          {},        made.picture.width, made.picture.height, reduced(made.picture, kLargestShown),
                            made.columns, made.cells};
  for (const NewFile& file : made.files)
    previewed.files.push_back({file.path.string(), static_cast<std::int64_t>(file.bytes.size())});
  return previewed;
}

ExportPreviewed preview(JobId job, const ExportAnimation& what) {
  std::vector<Image> pictures = pictures_of(what);
  const Image last = pictures.back();
  const Bytes bytes = encode_animation(what, std::move(pictures));
  return {job, {{what.path, static_cast<std::int64_t>(bytes.size())}}, last.width, last.height, reduced(last, kLargestShown), 0,
          {}};
}

}  // namespace

std::shared_ptr<Job> make_job(ExportSprites command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return write_and_tell(command.job, make_export_files(command).files, command.replace, outbox);
  });
}

std::shared_ptr<Job> make_job(PreviewExport command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    ExportPreviewed previewed = std::visit([&](const auto& what) { return preview(command.job, what); }, command.what);
    return [&outbox, previewed = std::move(previewed)]() mutable { outbox.send(std::move(previewed)); };
  });
}

std::shared_ptr<Job> make_job(ExportAnimation command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return write_and_tell(command.job, {{command.path, encode_animation(command, pictures_of(command))}}, command.replace, outbox);
  });
}

}  // namespace kiln
