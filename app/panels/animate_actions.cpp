#include "app/panels/animate_actions.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "app/panels/animate_morph.h"
#include "app/state/export_mirror.h"
#include "app/state/input_images.h"
#include "app/state/newest.h"
#include "app/widgets/keys.h"
#include "engine/api/recipe_json.h"
#include "engine/formats/image_file.h"
#include "engine/pixelart/fit.h"
#include "engine/pixelart/silhouette.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr double kLook_s = 0.03;  // between two looks whether a file is done

void open_animation(Studio& studio, AnimatedSprite sprite) {
  AnimateView& view = studio.view.animate;
  view.sprite = std::move(sprite);
  const std::vector<MorphEnd>& ends = view.sprite.ends;
  const bool morphs = ends.size() == 2 && !why_not_morph(ends.front(), ends.back());
  view.source = morphs ? FrameSource::kMorphed : view.sprite.frames.empty() ? FrameSource::kMoved : FrameSource::kOwn;
  view.morphed.clear();
  view.open = true;
  view.player = {};
  std::string& path = studio.settings.animate.path;
  if (path.empty()) path = (export_file(studio.settings.exporting.path).parent_path() / "animation.gif").string();
  studio.view.tab = Tab::kGenerate;
  move_anew(studio);
}

// The frames of the animation that a sprite of a batch is of, in their order; none if it is alone.
std::vector<Image> frames_with(const GeneratedBatch& batch, int index) {
  const SpriteRecipe& chosen = batch.sprites[static_cast<std::size_t>(index)].recipe;
  if (batch.frame(index) == 0) return {};
  std::map<int, Image> frames;
  for (int i = 0; i < static_cast<int>(batch.sprites.size()); ++i) {
    const SpriteRecipe& other = batch.sprites[static_cast<std::size_t>(i)].recipe;
    const bool is_same = other.model_hash == chosen.model_hash && other.condition == chosen.condition && batch.frame(i) > 0 &&
                         get_seed(other.settings.shared_params, "seed") == get_seed(chosen.settings.shared_params, "seed");
    if (is_same) frames.emplace(batch.frame(i), batch.image(i));
  }
  std::vector<Image> all;
  for (auto& [frame, image] : frames) all.push_back(std::move(image));
  return all.size() > 1 ? all : std::vector<Image>();
}

// Without its recipe's enlargement.
AnimatedSprite read_kept(const std::string& path, const GalleryItem& item) {
  AnimatedSprite sprite{read_image(path), item.class_name.empty() ? item.file : display_name(item.class_name), {}};
  if (item.recipe.empty()) return sprite;
  const PictureRecipe picture = parse_recipe_text(item.recipe, item.file);
  sprite.condition = picture.sprites.front().condition;
  if (picture.scale > 1)
    sprite.image =
        fitted_to_sprite(sprite.image, item.file, sprite.image.width / picture.scale, sprite.image.height / picture.scale);
  return sprite;
}

// With the ends of a morph, where two pictures are given. One that cannot be read is none.
AnimatedSprite read_kept_pair(const std::string& folder, const GalleryItem& item, const std::vector<GalleryItem>& pair) {
  AnimatedSprite sprite = read_kept(folder + "/" + item.file, item);
  try {
    for (const GalleryItem& each : pair) sprite.ends.push_back(kept_end(folder, each));
  } catch (const Failure&) {
    sprite.ends.clear();
  }
  return sprite;
}

// What the frames that are shown depend on has changed.
void frames_changed(Studio& studio) {
  AnimateView& view = studio.view.animate;
  const bool ping_pong = get_bool(studio.settings.animate.playing, "ping_pong");
  view.order = play_order(view.frames.size(), ping_pong);
  view.durations_ms.resize(view.frames.size(), view.durations_ms.empty() ? kFrameMs : view.durations_ms.back());
  view.onions.clear();
  for (std::size_t i = 0; i < view.frames.size(); ++i)
    view.onions.push_back(onion_skin(view.frames[i], view.frames[i > 0 ? i - 1 : view.frames.size() - 1]));
  ++view.version;
}

// `coming` is polled, since nothing wakes the window for it.
template <class Result>
bool is_there(std::future<Result>& coming, View& view) {
  if (!coming.valid()) return false;
  if (coming.wait_for(std::chrono::seconds(0)) == std::future_status::ready) return true;
  const double due = view.now_s + kLook_s;
  view.wake_s = view.wake_s < 0 ? due : std::min(view.wake_s, due);
  return false;
}

Redraw redraw_of(const Studio& studio) {
  const AnimateSettings& settings = studio.settings.animate;
  const AnimateView& view = studio.view.animate;
  Redraw redraw{studio.mirror.model()->path, {}, {}, settings.motion == kSeedPath, get_bool(settings.playing, "ping_pong")};
  for (const char* id : {"strength", "seed"}) redraw.values[id] = settings.redraw.at(id);
  for (const char* id : {"steps", "guidance", "device", "precision", "threads"})
    redraw.values[id] = studio.settings.generate.shared_params.at(id);
  const auto& classes = studio.mirror.model()->classes;
  const bool known = std::all_of(view.sprite.condition.begin(), view.sprite.condition.end(), [&](const ClassWeight& c) {
    return std::find(classes.begin(), classes.end(), c.name) != classes.end();
  });
  if (known) redraw.condition = view.sprite.condition;
  return redraw;
}

// A request for each frame but the first, and for those that look as one before only where each has noise of its own.
std::vector<FrameRequest> requests_of(const Redraw& redraw, const std::vector<Image>& frames) {
  std::vector<FrameRequest> requests;
  const std::vector<std::size_t> first = first_alike(frames);
  for (std::size_t i = 1; i < frames.size(); ++i) {
    if (!redraw.along_seeds && first[i] < i) continue;
    const ImageFile image = keep_input_image(frames[i]), mask = keep_input_image(silhouette_mask(frames[i]));
    requests.push_back({redraw_request(redraw, static_cast<int>(i), static_cast<int>(frames.size()), image, mask, frames[0]), {}});
    for (std::size_t k = i; k < frames.size(); ++k) {
      if (k == i || (!redraw.along_seeds && first[k] == i)) requests.back().frames.push_back(k);
    }
  }
  return requests;
}

void take_drawn(Studio& studio) {
  AnimateView& view = studio.view.animate;
  const std::vector<DrawnFrame> all = studio.mirror.redraw.take();
  bool any = false;
  if (view.source == FrameSource::kMorphed && !all.empty()) {
    take_morph(studio, all);
    view.frames = view.moved;
    return frames_changed(studio);
  }
  for (const DrawnFrame& drawn : all) {
    for (const std::size_t i : drawn.frames) {
      if (i >= view.moved.size() || drawn.image.rgba.size() != view.moved[i].rgba.size()) continue;
      view.frames[i] = with_silhouette_of(drawn.image, view.moved[i], view.sprite.image);
      any = true;
    }
  }
  if (any) frames_changed(studio);
}

void take_written(Studio& studio, std::variant<WrittenAnimation, Error> result) {
  AnimateView& view = studio.view.animate;
  if (const auto* error = std::get_if<Error>(&result)) return studio.mirror.notices.add(*error);
  auto& written = std::get<WrittenAnimation>(result);
  view.there = std::move(written.there);
  view.asks = !view.there.empty();
  if (!view.asks) studio.mirror.notices.add(NoticeKind::kDone, "saved " + files_text(written.written));
}

}  // namespace

std::string why_not_animate(const Studio& studio) {
  const GeneratedBatch& batch = studio.mirror.batch();
  if (batch.count() == 0) return "There is no sprite yet";
  const auto index = static_cast<std::size_t>(studio.view.chosen);
  return index < batch.sprites.size() && !studio.mirror.busy() ? "" : "The sprite is still being made";
}

std::string why_not_animate(const GalleryItem& item) {
  if (item.width == 0) return "This picture cannot be read";
  return item.sprites > 1 ? "This picture holds several sprites" : "";
}

void animate_chosen(Studio& studio) {
  if (!why_not_animate(studio).empty()) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  const int index = studio.view.chosen;
  open_animation(studio, {batch.image(index), describe(batch.condition(index)), batch.condition(index), frames_with(batch, index),
                          selected_ends(studio)});
}

void animate_kept(Studio& studio, const GalleryItem& item) {
  if (!why_not_animate(item).empty()) return;
  begin_newest(studio.view.animate.coming,
               [folder = studio.view.gallery.shown->folder, item,
                pair = selected_pair(studio.view.gallery)]() -> std::variant<AnimatedSprite, Error> {
                 try {
                   return read_kept_pair(folder, item, pair);
                 } catch (const Failure& failure) {
                   return failure.error();
                 }
               });
}

void close_animation(Studio& studio) {
  studio.mirror.redraw.stop();
  studio.view.animate.preparing = {};
  studio.view.animate.open = studio.view.animate.asks = false;
}

bool is_drawn_by_model(const Studio& studio) {
  const AnimateSettings& settings = studio.settings.animate;
  const FrameSource source = studio.view.animate.source;
  return source == FrameSource::kMorphed || (source == FrameSource::kMoved && (settings.motion == kSeedPath || settings.redrawn));
}

void move_anew(Studio& studio) {
  AnimateSettings& settings = studio.settings.animate;
  AnimateView& view = studio.view.animate;
  studio.mirror.redraw.stop();
  view.preparing = {};
  view.drawn = false;
  view.problem.reset();
  const auto count = static_cast<int>(get_int(settings.playing, "frames"));
  const Image sprite = with_margin(view.sprite.image, settings.playing);
  view.moved.assign(static_cast<std::size_t>(count), sprite);
  if (view.source == FrameSource::kMorphed) {
    lay_out_morph(studio);
  } else if (view.source == FrameSource::kOwn) {
    view.moved.clear();
    for (const Image& frame : view.sprite.frames) view.moved.push_back(with_margin(frame, settings.playing));
  } else if (settings.motion != kSeedPath) {
    const Motion& motion = find_motion(settings.motion);
    ParamMap& values = settings.values.try_emplace(motion.id, defaults_of(motion.params)).first->second;
    try {
      view.moved = motion_frames(motion, sprite, count, get_bool(settings.playing, "ping_pong"), values);
    } catch (const Failure& failure) {
      view.problem = failure.error();
    }
  }
  view.frames = view.moved;
  frames_changed(studio);
}

bool moves_by_hand(const Studio& studio) {
  const AnimateView& view = studio.view.animate;
  return view.source == FrameSource::kMoved && !view.problem && studio.settings.animate.motion == kByHand;
}

Shift shift_of(const Studio& studio, std::size_t frame) {
  const std::vector<Shift> shifts = parse_shifts(get_text(studio.settings.animate.values.at(kByHand), "shifts"));
  return frame == 0 || frame > shifts.size() ? Shift() : shifts[frame - 1];
}

void shift_frame(Studio& studio, std::size_t frame, Shift shift) {
  if (frame == 0) return;
  std::string& text = std::get<std::string>(studio.settings.animate.values.at(kByHand).at("shifts"));
  std::vector<Shift> shifts = parse_shifts(text);
  shifts.resize(std::max(shifts.size(), frame));
  shifts[frame - 1] = {std::clamp(shift.x, -kLargestShift, kLargestShift), std::clamp(shift.y, -kLargestShift, kLargestShift)};
  text = to_text(shifts);
  move_anew(studio);
}

void show_frame(AnimateView& view, std::size_t frame) {
  view.player = {.plays = false, .at = std::min(frame, view.frames.size() - 1)};
}

std::string why_not_draw(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  const AnimateView& view = studio.view.animate;
  if (view.source == FrameSource::kMorphed) return why_not_morph_now(studio);
  if (view.problem) return view.problem->message;
  if (mirror.busy()) return "Sprites are being made";
  if (!mirror.model() || !mirror.opening().empty()) return "Choose a model first";
  const Image& image = view.moved.front();
  if (image.width != mirror.model()->width || image.height != mirror.model()->height)
    return get_int(studio.settings.animate.playing, "margin") > 0 ? "With a margin, the sprite is larger than those of the model"
                                                                  : "Sprites of this model have another size";
  return view.preparing.valid() || mirror.redraw.running() ? "The frames are being drawn" : "";
}

void draw_frames(Studio& studio) {
  if (!why_not_draw(studio).empty()) return;
  AnimateView& view = studio.view.animate;
  if (view.source == FrameSource::kMorphed) return draw_morph(studio);
  view.frames = view.moved;
  view.drawn = true;
  frames_changed(studio);
  begin_newest(view.preparing,
               [redraw = redraw_of(studio), frames = view.moved]() -> std::variant<std::vector<FrameRequest>, Error> {
                 try {
                   return requests_of(redraw, frames);
                 } catch (const Failure& failure) {
                   return failure.error();
                 }
               });
}

std::string why_not_write(const Studio& studio) {
  const AnimateSettings& settings = studio.settings.animate;
  const AnimateView& view = studio.view.animate;
  if (view.problem) return view.problem->message;
  if (view.preparing.valid() || studio.mirror.redraw.running()) return "The frames are being drawn";
  if (view.source == FrameSource::kMorphed && morph_frames_drawn(view) < view.morphed.size())
    return "The model has not drawn all frames yet";
  if (view.source == FrameSource::kMoved && settings.motion == kSeedPath && !view.drawn)
    return "The model has not drawn the frames yet";
  if (view.unwritable) return view.unwritable->message;
  if (settings.path.empty()) return "Type a file name first";
  return view.writing.valid() ? "It is being written" : "";
}

void write_animation(Studio& studio, bool replace) {
  const AnimateSettings& settings = studio.settings.animate;
  AnimateView& view = studio.view.animate;
  if (!why_not_write(studio).empty()) return;
  const std::string name = view.source == FrameSource::kMorphed ? kMorph
                           : view.source == FrameSource::kOwn   ? view.sprite.name
                                                                : settings.motion;
  const Animation animation{name, view.frames, view.durations_ms, get_bool(settings.playing, "ping_pong")};
  const AnimationFile file = animation_file(export_file(settings.path).string(), settings.sheet);
  studio.mirror.notices.clear_all_but_errors();
  begin_newest(view.writing, [animation, file, replace]() -> std::variant<WrittenAnimation, Error> {
    try {
      WrittenAnimation result;
      for (const std::string& path : animation_paths(file)) {
        std::error_code ignored;
        if (fs::is_regular_file(path, ignored)) result.there.push_back(path);
      }
      if (!result.there.empty() && !replace) return result;
      write_files(animation_files(animation, file), replace);
      return WrittenAnimation{animation_paths(file), {}};
    } catch (const Failure& failure) {
      return failure.error();
    }
  });
}

void follow_animation(Studio& studio) {
  AnimateView& view = studio.view.animate;
  if (is_there(view.coming, studio.view)) {
    auto came = view.coming.get();
    if (auto* sprite = std::get_if<AnimatedSprite>(&came))
      open_animation(studio, std::move(*sprite));
    else
      studio.mirror.notices.add(std::get<Error>(came));
  }
  if (is_there(view.writing, studio.view)) take_written(studio, view.writing.get());
  if (!view.open) return;
  if (is_there(view.preparing, studio.view)) {
    auto prepared = view.preparing.get();
    if (auto* requests = std::get_if<std::vector<FrameRequest>>(&prepared)) {
      studio.mirror.redraw.start(std::move(*requests));
    } else {
      view.drawn = false;
      studio.mirror.notices.add(std::get<Error>(prepared));
    }
  }
  take_drawn(studio);
}

namespace {

// Shift and an arrow key move the frame by a pixel.
void take_shift_keys(Studio& studio, std::size_t frame) {
  const Shift before = shift_of(studio, frame);
  Shift shift = before;
  shift.x += key_typed(ImGuiKey_RightArrow) - key_typed(ImGuiKey_LeftArrow);
  shift.y += key_typed(ImGuiKey_DownArrow) - key_typed(ImGuiKey_UpArrow);
  if (shift == before) return;
  show_frame(studio.view.animate, frame);
  shift_frame(studio, frame, shift);
}

}  // namespace

void take_animation_keys(Studio& studio) {
  AnimateView& view = studio.view.animate;
  const std::size_t count = view.frames.size(), shown = view.order[std::min(view.player.at, view.order.size() - 1)];
  if (key_typed(ImGuiKey_Space)) view.player = {.plays = !view.player.plays, .at = view.player.at};
  if (ImGui::GetIO().KeyShift && moves_by_hand(studio)) return take_shift_keys(studio, shown);
  if (key_typed(ImGuiKey_LeftArrow)) show_frame(view, (shown + count - 1) % count);
  if (key_typed(ImGuiKey_RightArrow)) show_frame(view, (shown + 1) % count);
}

}  // namespace kiln
