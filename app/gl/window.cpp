#include "app/gl/window.h"

#include <glad/gl.h>
// glad goes first: GLFW then brings no OpenGL header of its own.
#include <GLFW/glfw3.h>

#include <cmath>
#include <string_view>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/log.h"

// As glfw3native.h declares it, which needs Xlib's headers; a GLFW for Wayland alone does not have it.
extern "C" [[gnu::weak]] unsigned long glfwGetX11Window(GLFWwindow* window);

namespace kiln {
namespace {

std::string& last_glfw_error() {
  static std::string text;
  return text;
}

void remember_glfw_error(int code, const char* text) {
  last_glfw_error() = "GLFW " + std::to_string(code) + ": " + text;
  log_debug(last_glfw_error());
}

bool on_x11() {
#if GLFW_VERSION_MAJOR > 3 || GLFW_VERSION_MINOR >= 4
  return glfwGetPlatform() == GLFW_PLATFORM_X11;
#else
  return std::string_view(glfwGetVersionString()).find("X11") != std::string_view::npos;
#endif
}

[[noreturn]] void fail_to_open(const std::string& message, const std::string& hint) {
  throw Failure(ErrorCode::kUnsupported, message, hint, last_glfw_error());
}

}  // namespace

Window::Window(const std::string& title, Size size, const Position* position) {
  glfwSetErrorCallback(remember_glfw_error);
  if (!glfwInit()) {
    fail_to_open("no display was found to open a window on",
                 "start it on a desktop, or use the command line: spritekiln sample --help");
  }
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_ALPHA_BITS, 0);
  glfwWindowHint(GLFW_VISIBLE, position ? GLFW_FALSE : GLFW_TRUE);
#ifdef GLFW_WAYLAND_APP_ID
  glfwWindowHintString(GLFW_WAYLAND_APP_ID, "spritekiln");  // as the desktop entry is called; on X11 its title says it
#endif
  handle_ = glfwCreateWindow(size.width, size.height, title.c_str(), nullptr, nullptr);
  if (!handle_) {
    glfwTerminate();
    fail_to_open("the window needs OpenGL 3.3 and could not get it",
                 "update the graphics driver, or install libgl1-mesa-dri for software drawing");
  }
  if (position) {
    glfwSetWindowPos(handle_, position->x, position->y);
    glfwShowWindow(handle_);
  }
  glfwSetWindowSizeLimits(handle_, 720, 480, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(handle_);
  if (!gladLoadGL(glfwGetProcAddress)) {
    glfwDestroyWindow(handle_);
    glfwTerminate();
    fail_to_open("OpenGL 3.3 could not be loaded", "update the graphics driver");
  }
  const auto* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  keeps_back_buffer_ = on_x11() && renderer && std::string_view(renderer).starts_with("llvmpipe");
  log_info(std::string("drawing with ") + (renderer ? renderer : "an unknown renderer"));
  glfwSwapInterval(1);
  watch_input();
}

Window::~Window() {
  glfwDestroyWindow(handle_);
  glfwTerminate();
}

Window& Window::of(GLFWwindow* handle) { return *static_cast<Window*>(glfwGetWindowUserPointer(handle)); }

// These are set before ImGui's backend sets its own, which calls them in turn.
void Window::watch_input() {
  glfwSetWindowUserPointer(handle_, this);
  glfwSetCursorPosCallback(handle_, [](GLFWwindow* w, double, double) { of(w).input_ = true; });
  glfwSetCursorEnterCallback(handle_, [](GLFWwindow* w, int) { of(w).input_ = true; });
  glfwSetMouseButtonCallback(handle_, [](GLFWwindow* w, int, int, int) { of(w).input_ = true; });
  glfwSetScrollCallback(handle_, [](GLFWwindow* w, double, double) { of(w).input_ = true; });
  glfwSetCharCallback(handle_, [](GLFWwindow* w, unsigned) { of(w).input_ = true; });
  glfwSetWindowFocusCallback(handle_, [](GLFWwindow* w, int focused) {
    of(w).input_ = true;
    of(w).focused_ |= focused == GLFW_TRUE;
  });
  glfwSetWindowRefreshCallback(handle_, [](GLFWwindow* w) { of(w).input_ = true; });
  glfwSetWindowCloseCallback(handle_, [](GLFWwindow* w) { of(w).input_ = true; });
  glfwSetFramebufferSizeCallback(handle_, [](GLFWwindow* w, int, int) { of(w).input_ = true; });
  glfwSetWindowContentScaleCallback(handle_, [](GLFWwindow* w, float, float) { of(w).input_ = true; });
  glfwSetDropCallback(handle_, [](GLFWwindow* w, int count, const char** paths) {
    of(w).input_ = true;
    of(w).dropped_.insert(of(w).dropped_.end(), paths, paths + count);
  });
  glfwSetKeyCallback(handle_, [](GLFWwindow* w, int, int, int, int) { of(w).input_ = true; });
}

WindowSystem Window::system() const {
  const bool has_x11 = glfwGetX11Window != nullptr;
  return {on_x11() && has_x11 ? glfwGetX11Window(handle_) : 0, has_x11};
}

bool Window::should_close() const { return glfwWindowShouldClose(handle_); }

Size Window::size() const {
  Size size;
  glfwGetWindowSize(handle_, &size.width, &size.height);
  return size;
}

Size Window::framebuffer() const {
  Size size;
  glfwGetFramebufferSize(handle_, &size.width, &size.height);
  return size;
}

float Window::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(handle_, &x, &y);
  return std::isfinite(x) && x > 0 ? x / pixel_ratio() : 1;
}

float Window::pixel_ratio() const {
  const int window = size().width, pixels = framebuffer().width;
  return window > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(window) : 1;
}

void Window::close() { glfwSetWindowShouldClose(handle_, GLFW_TRUE); }

void Window::stay_open() { glfwSetWindowShouldClose(handle_, GLFW_FALSE); }

void Window::hide() { glfwHideWindow(handle_); }

void Window::swap() { glfwSwapBuffers(handle_); }

void Window::wait(double timeout_s) {
  if (timeout_s < 0) {
    glfwWaitEvents();
  } else if (timeout_s > 0) {
    glfwWaitEventsTimeout(timeout_s);
  } else {
    glfwPollEvents();
  }
}

bool Window::take_input() { return std::exchange(input_, false); }

bool Window::take_focus() { return std::exchange(focused_, false); }

std::vector<std::string> Window::take_dropped() { return std::exchange(dropped_, {}); }

void Window::wake() { glfwPostEmptyEvent(); }

}  // namespace kiln
