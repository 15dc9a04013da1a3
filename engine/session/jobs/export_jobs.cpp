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

Bytes encode_animation(const ExportAnimation& command) {
  std::vector<Image> pictures;
  for (const auto& frame : command.frames)
    pictures.push_back(
        pack_sheet(sprites_of(frame), {.columns = command.columns, .padding = command.padding, .scale = command.scale}).image);
  std::vector<int> delays(pictures.size(), command.frame_ms);
  if (!delays.empty()) delays.back() = command.hold_ms;
  if (lower_ending(command.path) == ".gif") return encode_gif(pictures, delays, true);
  std::vector<AnimationFrame> frames;
  for (std::size_t i = 0; i < pictures.size(); ++i) frames.push_back({std::move(pictures[i]), delays[i]});
  return encode_apng(frames, true);
}

}  // namespace

std::shared_ptr<Job> make_job(ExportSprites command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return write_and_tell(command.job, make_export_files(command).files, command.replace, outbox);
  });
}

std::shared_ptr<Job> make_job(PreviewExport command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    const ExportFiles made = make_export_files(command.what);
    ExportPreviewed previewed{
        command.job, {}, made.picture.width, made.picture.height, reduced(made.picture, kLargestShown), made.columns, made.cells};
    for (const NewFile& file : made.files)
      previewed.files.push_back({file.path.string(), static_cast<std::int64_t>(file.bytes.size())});
    return [&outbox, previewed = std::move(previewed)]() mutable { outbox.send(std::move(previewed)); };
  });
}

std::shared_ptr<Job> make_job(ExportAnimation command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    check_ending("the animation", command.path, {".gif", ".apng", ".png"});
    return write_and_tell(command.job, {{command.path, encode_animation(command)}}, command.replace, outbox);
  });
}

}  // namespace kiln
