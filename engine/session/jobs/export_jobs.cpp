#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/formats/gif.h"
#include "engine/formats/image_file.h"
#include "engine/formats/npy.h"
#include "engine/formats/palette_file.h"
#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/scale.h"
#include "engine/pixelart/sheet_layout.h"
#include "engine/session/jobs/one_step_jobs.h"
#include "engine/session/pixels.h"

namespace kiln {
namespace {

Palette chosen_palette(const std::string& choice, const std::vector<Image>& sprites) {
  constexpr std::string_view kAuto = "auto:";
  if (!choice.starts_with(kAuto)) return read_palette(choice);
  const auto count = parse_int(std::string_view(choice).substr(kAuto.size()));
  if (!count || *count < 1 || *count > 256) {
    throw Failure(ErrorCode::kInvalidArgument, "“" + choice + "” is no palette",
                  "write auto:16 for 16 colours, at most 256, or the name of a .gpl, .hex or .pal file");
  }
  return fit_palette(sprites, static_cast<int>(*count));
}

}  // namespace

std::unique_ptr<Job> make_export_job(ExportSheet command, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &outbox] {
    write_png(command.path, pack_sheet(command.sprites, command.columns, command.padding, command.scale));
    outbox.send(Exported{command.job, command.path});
  });
}

std::unique_ptr<Job> make_export_job(ExportPng command, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &outbox] {
    write_png(command.path, upscaled(command.image, command.scale));
    outbox.send(Exported{command.job, command.path});
  });
}

std::unique_ptr<Job> make_export_job(ExportGif command, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &outbox] {
    std::vector<Image> pictures;
    for (const auto& frame : command.frames)
      pictures.push_back(pack_sheet(sprites_of(frame), command.columns, command.padding, command.scale));
    std::vector<int> delays(pictures.size(), command.frame_ms);
    if (!delays.empty()) delays.back() = command.hold_ms;
    write_file(command.path, encode_gif(pictures, delays, true));
    outbox.send(Exported{command.job, command.path});
  });
}

std::unique_ptr<Job> make_export_job(ExportNpy command, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &outbox] {
    if (command.sprites.empty()) throw Failure(ErrorCode::kInvalidArgument, "there are no sprites to write", "make some first");
    const Image& first = command.sprites.front();
    NpyArray array{"u1", {static_cast<std::int64_t>(command.sprites.size()), first.height, first.width, 4}, {}};
    for (const auto& sprite : command.sprites) array.bytes.insert(array.bytes.end(), sprite.rgba.begin(), sprite.rgba.end());
    write_file(command.path, encode_npy(array));
    outbox.send(Exported{command.job, command.path});
  });
}

std::unique_ptr<Job> make_palette_job(FitPalette command, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &outbox] {
    const Palette palette = chosen_palette(command.palette, command.sprites);
    PaletteFitted result{command.job, {}};
    for (const auto& sprite : command.sprites) result.sprites.push_back(map_to_palette(sprite, palette));
    outbox.send(std::move(result));
  });
}

}  // namespace kiln
