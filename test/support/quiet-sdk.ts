// The SDK advises against Node 20 in every process that imports it; this project supports it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
